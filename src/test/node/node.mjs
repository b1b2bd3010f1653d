import { EventSource } from 'eventsource';
import { listen } from './listen.mjs';

const [streamUrl, reportUrl] = process.argv.slice(2);
listen(EventSource, streamUrl, reportUrl);
