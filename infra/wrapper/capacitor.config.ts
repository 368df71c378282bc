import { configOf } from './src/config';

export default configOf(process.env);
