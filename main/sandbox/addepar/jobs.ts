import type { RandomStream } from '../firm/random.ts';
import { reproducibleUuid } from '../firm/random.ts';
import { AddeparError } from './errors.ts';
import { pageAfter, pageText, type Query } from './paging.ts';
import { readQuery, type QueryRequest } from './query-request.ts';
import type { AddeparSettings } from './settings.ts';

interface Job {
  readonly number: number;
  readonly id: string;
  readonly createdAt: number;
  readonly parameters: unknown;
  readonly request: QueryRequest;
  cancelledAt: number | null;
}

const RESULT_LIFE_MS = 24 * 3_600_000;

/** Queries that run by themselves: submitted, asked after, fetched. Their state follows from the time alone. */
export interface Jobs {
  submit(body: unknown): string;
  page(query: Query): string;
  status(id: string): { readonly text: string; readonly completed: boolean };
  /** The query whose result is ready. 404 before it is, 410 after a day. */
  result(id: string): QueryRequest;
  cancel(id: string): void;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export function createJobs(settings: AddeparSettings, random: RandomStream, now: () => number): Jobs {
  const jobs = new Map<string, Job>();

  const statusOf = (job: Job): { readonly name: string; readonly percent: string } => {
    if (job.cancelledAt !== null) return { name: 'User Cancelled', percent: '0.0' };
    const age = now() - job.createdAt;
    if (age >= settings.jobMs) return { name: 'Completed', percent: '1.0' };
    if (age * 4 < settings.jobMs) return { name: 'Queued', percent: '0.0' };
    return age * 2 < settings.jobMs
      ? { name: 'Picked Up By Job Runner', percent: '0.0' }
      : { name: 'In Progress', percent: '0.5' };
  };
  const iso = (ms: number): string => `"${new Date(ms).toISOString().slice(0, 19)}Z"`;
  const text = (job: Job): string => {
    const { name, percent } = statusOf(job);
    const started = name === 'Queued' ? 'null' : iso(job.createdAt);
    const completed = name === 'Completed' ? iso(job.createdAt + settings.jobMs) : 'null';
    return `{"id":"${job.id}","type":"jobs","attributes":{"job_type":"PORTFOLIO_QUERY","status":"${name}","percent_complete":${percent},"created_at":${iso(job.createdAt)},"started_at":${started},"completed_at":${completed},"parameters":${JSON.stringify(job.parameters)},"errors":[]},"relationships":{"creator":{"data":{"type":"users","id":"1"}}},"links":{"self":"/v1/jobs/${job.id}"}}`;
  };
  const find = (id: string): Job => {
    const job = jobs.get(id);
    if (!job) throw new AddeparError(404, `There is no job ${id}`);
    return job;
  };

  return {
    submit(body) {
      const data = isObject(body) ? body['data'] : undefined;
      if (!isObject(data) || (data['type'] !== 'jobs' && data['type'] !== 'job'))
        throw new AddeparError(409, 'data.type must be jobs');
      const attributes = isObject(data['attributes']) ? data['attributes'] : {};
      if (String(attributes['job_type']).toUpperCase() !== 'PORTFOLIO_QUERY')
        throw new AddeparError(400, 'Only job_type PORTFOLIO_QUERY is available here');
      const request = readQuery(attributes['parameters'], settings.identifierLicence);
      const number = jobs.size + 1;
      const job: Job = {
        number,
        id: reproducibleUuid(random, number),
        createdAt: now(),
        parameters: attributes['parameters'],
        request,
        cancelledAt: null,
      };
      jobs.set(job.id, job);
      return `{"data":${text(job)},"included":[]}`;
    },
    page: (query) =>
      pageText(
        '/jobs',
        query,
        [...jobs.values()].map((job) => ({ id: job.number, text: text(job) })).filter((row) => row.id > pageAfter(query)),
      ),
    status(id) {
      const job = find(id);
      return { text: `{"data":${text(job)},"included":[]}`, completed: statusOf(job).name === 'Completed' };
    },
    result(id) {
      const job = find(id);
      if (now() - job.createdAt > RESULT_LIFE_MS) throw new AddeparError(410, `The result of job ${id} has expired`);
      if (statusOf(job).name !== 'Completed') throw new AddeparError(404, `Job ${id} has no result`);
      return job.request;
    },
    cancel(id) {
      const job = find(id);
      if (statusOf(job).name !== 'Completed') job.cancelledAt = now();
    },
  };
}
