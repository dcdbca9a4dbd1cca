// The conformance scripts of tests/host on this host over SQLite.

import { test } from 'node:test';
import { run, scripts } from './support/script.mjs';

for (const { name, script, point } of scripts()) test(name, () => run(script, point));
