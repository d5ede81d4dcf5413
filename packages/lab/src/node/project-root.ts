import { fileURLToPath } from 'node:url';

/** The folder that holds the project: apps, packages, runs. */
export const PROJECT_ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
