// What the window needs once there is something on the screen, and not before.
import './composing';

import { watchTranslation } from './translation';

watchTranslation();

export {};
