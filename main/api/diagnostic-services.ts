import { homedir, hostname, release, totalmem, userInfo, availableParallelism } from 'node:os';
import { AppError, type Output } from '../../shared/contract/index.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { Connector } from '../connectors/connector.ts';
import type { PersonalTerm } from '../observability/personal.ts';
import { zipFiles } from '../observability/zip-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { BundleFile, BundleQuestion } from './diagnostic-bundle.ts';
import type { Services } from './handler.ts';

export interface DiagnosticServiceParts {
  /** Puts the files together away from the serving thread. */
  readonly collect: (question: BundleQuestion) => Promise<BundleFile[]>;
  readonly connectors: ReadonlyMap<Platform, Connector>;
  readonly version: string;
  readonly host: Output<'app.info'>['host'];
  readonly dataDir: string;
  readonly newId: () => string;
  readonly clock: Pick<Clock, 'now'>;
}

const MB = 1024 * 1024;

/** Names of this machine and its user; a system without a user of this number has none. */
function machineTerms(dataDir: string): PersonalTerm[] {
  let user = '';
  try {
    user = userInfo().username;
  } catch {
    // The number of the user has no name here.
  }
  return [dataDir, homedir(), hostname(), user].map((text) => ({ text, kind: 'machine' }));
}

const platformFacts = (connectors: DiagnosticServiceParts['connectors']): unknown =>
  [...connectors.values()].map(({ platform, name, credentials, settings, rateBudgets }) => ({
    platform,
    name,
    credentials: credentials.map(({ key, required }) => ({ key, required })),
    settings: settings.map(({ key, required }) => ({ key, required })),
    rateBudgets,
  }));

/** Prepares a diagnostic bundle, shows it, and saves exactly what was shown. The last one prepared is kept, for its maker. */
export function createDiagnosticServices(parts: DiagnosticServiceParts): Services {
  let kept: { readonly id: string; readonly actorId: string; readonly files: readonly BundleFile[] } | null = null;
  return {
    'diagnostics.prepare': async (_input, { actor }) => {
      const files = await parts.collect({
        versions: {
          clearway: parts.version,
          host: parts.host,
          preparedAt: parts.clock.now(),
          runtime: process.versions,
          system: { platform: process.platform, architecture: process.arch, release: release() },
          machine: { processors: availableParallelism(), memoryMegabytes: Math.round(totalmem() / MB) },
          timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          locale: Intl.DateTimeFormat().resolvedOptions().locale,
        },
        platforms: platformFacts(parts.connectors),
        machine: machineTerms(parts.dataDir),
      });
      kept = { id: parts.newId(), actorId: actor.id, files };
      return { bundleId: kept.id, files: [...files] };
    },
    'diagnostics.save': async ({ bundleId }, { actor, write }) => {
      if (kept?.id !== bundleId || kept.actorId !== actor.id)
        throw new AppError('not_found', 'This bundle is no longer kept. Prepare it again, look at it and save it then.');
      const now = parts.clock.now();
      const zip = await zipFiles(kept.files, now);
      await write('audit/note', {
        subject: 'diagnostics.save',
        input: { bundleId },
        output: { files: kept.files.map(({ name, bytes }) => ({ name, bytes })), bytes: zip.byteLength },
      });
      return {
        fileName: `clearway-diagnostics-${now.slice(0, 16).replace(/[:T]/g, '-')}.zip`,
        contentType: 'application/zip',
        bytes: zip.byteLength,
        content: zip.toString('base64'),
      };
    },
  };
}
