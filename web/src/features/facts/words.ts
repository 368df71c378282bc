import type { JobFact } from '../../api/types';
import { WORDS } from '../thread/files';

/** What a fact is, in a few words. */
export const wordsOf = ({ text, file }: JobFact): string =>
  text ?? (file && (file.name || WORDS[file.kind](1))) ?? '';
