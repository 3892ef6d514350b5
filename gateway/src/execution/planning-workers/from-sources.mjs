// Threads do not inherit what compiles TypeScript as it is loaded. This runs a program from its source; what is built needs
// none of it, and has no such file.
import { argv } from 'node:process';
import { register } from 'tsx/esm/api';

register();
await import(argv[2]);
