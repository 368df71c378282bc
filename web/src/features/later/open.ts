import type { Message, Row } from '../../api/types';
import { patient } from '../../app/patient';
import { sheet } from '../../app/sheet.svelte';

// Each dialog is a file of its own, fetched when it is first opened.
const snooze = patient(() => import('./SnoozeDialog.svelte'));
const edit = patient(() => import('./EditDialog.svelte'));

export const snoozeAsked = (row: Row): void => sheet.open(snooze, { row });
export const changeAsked = (row: Row, message: Message): void => sheet.open(edit, { row, message });
