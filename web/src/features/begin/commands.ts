import type { Command } from '../../app/feature';
import { t } from '../../app/strings';
import { getViewer } from '../session/viewer.svelte';
import { begin } from './open';

/** Writing to somebody new. */
export function commands(): () => Command[] {
  const viewer = getViewer();
  return () => (viewer.may('begin') ? [NEW] : []);
}

const NEW: Command = {
  id: 'new',
  label: t('begin.title'),
  icon: 'plus',
  key: 'N',
  scope: 'anywhere',
  run: () => begin(),
};
