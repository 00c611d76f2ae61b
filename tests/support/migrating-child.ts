import { migrate } from '../../main/store/migrate.ts';
import { openWritable } from '../../main/store/open.ts';

/** A program to be killed in the middle of an update: says when it begins, and when it is done. */
const [path = '', migrations = ''] = process.argv.slice(2);
const db = openWritable(path);
console.log('begins');
migrate(db, migrations);
console.log('done');
