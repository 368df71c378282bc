import type { Message, Row } from '../../api/types';
import { sheet } from '../../app/sheet.svelte';

// Each dialog is a file of its own, fetched when it is first opened.
export const snoozeAsked = (row: Row): void =>
  sheet.open(() => import('./WhenDialog.svelte'), { kind: 'snooze' as const, row });
export const scheduleAsked = (row: Row): void =>
  sheet.open(() => import('./WhenDialog.svelte'), { kind: 'schedule' as const, row });
export const changeAsked = (row: Row, message: Message): void =>
  sheet.open(() => import('./EditDialog.svelte'), { row, message });
