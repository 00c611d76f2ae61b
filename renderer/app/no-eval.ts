import { config } from 'zod';

// The policy of the page forbids compiled validators; without this zod tries one and the browser reports it.
config({ jitless: true });
