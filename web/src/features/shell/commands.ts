import type { Command } from '../../app/feature';
import { frame } from '../../app/frame.svelte';
import { preferences } from '../../app/preferences.svelte';
import { router } from '../../app/router.svelte';
import { t } from '../../app/strings';
import { getToasts, type Toasts } from '../toasts/toasts.svelte';
import { usePlaces, type Place } from './places';

/** What the frame itself can do: go somewhere, undo, help. */
export function commands(): () => Command[] {
  const toasts = getToasts();
  const places = usePlaces();
  return () => [...around(toasts), ...places().map(going)];
}

const going = ({ href, label, note, icon }: Place): Command => ({
  id: `go ${label}`,
  label,
  note,
  icon,
  scope: 'anywhere',
  run: () => router.go(href),
});

const around = (toasts: Toasts): Command[] => [
  {
    id: 'palette',
    label: t('command.palette'),
    icon: 'search',
    key: 'Ctrl+K',
    scope: 'anywhere',
    run: null,
  },
  {
    id: 'undo',
    label: t('command.undo'),
    icon: 'undo',
    key: 'Z',
    scope: 'anywhere',
    run: toasts.undoable ? () => toasts.undo() : null,
  },
  { id: 'back', label: t('command.back'), icon: 'left', key: 'Esc', scope: 'anywhere', run: null },
  {
    id: 'help',
    label: t('command.help'),
    note: preferences.singleKeys ? t('command.keysOff') : t('command.keysOn'),
    icon: 'keyboard',
    key: '?',
    scope: 'anywhere',
    run: () => (frame.help = true),
  },
];
