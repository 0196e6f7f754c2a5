/** A whole node as a child process, for measuring over HTTP what users get: validation, history and durability on. */
import pino from 'pino';
import { readConfig } from '#kernel/config.ts';
import { startNode } from '../../src/app.ts';

const { config } = readConfig(process.env, process.cwd());
const node = await startNode(config, process.env['DATABASE_URL'] as string, pino({ level: 'silent' }));
process.send?.({ ready: true });
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }));
process.on('SIGTERM', () => void node.stop().then(() => process.exit(0)));
