import { describe, expect, it } from 'vitest';
import { createExternalLinks, isExternalLink } from '../../main/electron/external-links.ts';

describe('isExternalLink', () => {
  it.each([
    'https://id.addepar.com/login',
    'https://addepar.com/',
    'https://API.OrionAdvisor.com/v1',
    'https://login.bdreporting.com/?a=b#c',
  ])('lets %s out', (address) => {
    expect(isExternalLink(address)).toBe(true);
  });

  it.each([
    'http://id.addepar.com/',
    'https://addepar.com.attacker.example/',
    'https://notaddepar.com/',
    'https://attacker.example/?addepar.com',
    'https://addepar.com@attacker.example/',
    'https://user:secret@addepar.com/',
    'https://addepar.com:8443/',
    'ftp://addepar.com/',
    'file:///usr/bin/env',
    'javascript:alert(1)',
    'data:text/html,x',
    'ms-settings:network',
    'smb://addepar.com/share',
    '//addepar.com/',
    '',
  ])('keeps %s in', (address) => {
    expect(isExternalLink(address)).toBe(false);
  });
});

describe('createExternalLinks', () => {
  const recorded = (open: (address: string) => Promise<void>) => {
    const log: string[] = [];
    const links = createExternalLinks({
      open: (address) => (log.push(`open ${address}`), open(address)),
      refused: (address) => log.push(`refused ${address}`),
      failed: (error) => log.push(`failed ${String(error)}`),
    });
    return { links, log };
  };

  it('opens what is listed and reports what is not', () => {
    const { links, log } = recorded(() => Promise.resolve());
    links('https://id.addepar.com');
    links('https://elsewhere.example/');
    expect(log).toEqual(['open https://id.addepar.com/', 'refused https://elsewhere.example/']);
  });

  it('reports a browser that does not start', async () => {
    const { links, log } = recorded(() => Promise.reject(new Error('no browser')));
    links('https://addepar.com/');
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['open https://addepar.com/', 'failed Error: no browser']);
  });
});
