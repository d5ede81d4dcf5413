import { writeRunJsonSchema } from '../src/json-schema.ts';
import { writeFileAtomic } from '../src/node/write-file-atomic.ts';

await writeFileAtomic(new URL('../run.schema.json', import.meta.url).pathname, writeRunJsonSchema());
