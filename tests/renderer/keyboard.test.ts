import { describe, expect, it } from 'vitest';
import { createKeyboard, isSingleKey, type KeyPress, type Shortcut } from '../../renderer/keyboard/keyboard.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  busy: false,
  ...more,
});

const createHarness = (singleKeys = true, mac = false) => {
  const ran: string[] = [];
  const keyboard = createKeyboard(() => singleKeys, mac);
  const add = (keys: string, more: Partial<Shortcut> = {}, name = keys) =>
    keyboard.register([{ keys, label: name, group: 'Test', run: () => ran.push(name), ...more }]);
  return { keyboard, ran, add };
};

describe('keyboard registry', () => {
  it('runs the shortcut of the keys pressed, with Ctrl or Cmd as the system has it', () => {
    const pc = createHarness();
    pc.add('mod+k');
    expect(pc.keyboard.handle(press('k', { ctrlKey: true }))).toBe(true);
    expect(pc.keyboard.handle(press('k', { metaKey: true }))).toBe(false);
    const mac = createHarness(true, true);
    mac.add('mod+k');
    expect(mac.keyboard.handle(press('k', { metaKey: true }))).toBe(true);
    expect(mac.keyboard.readable('mod+k')).toEqual(['⌘', 'K']);
  });

  it('takes ? however the keyboard makes it', () => {
    const { keyboard, add, ran } = createHarness();
    add('?');
    keyboard.handle(press('?', { shiftKey: true }));
    expect(ran).toEqual(['?']);
  });

  it('runs sequences within their time, and not after it', () => {
    const { keyboard, add, ran } = createHarness();
    add('g h');
    keyboard.handle(press('g', { timeStamp: 0 }));
    keyboard.handle(press('h', { timeStamp: 800 }));
    expect(ran).toEqual(['g h']);
    keyboard.handle(press('g', { timeStamp: 2000 }));
    keyboard.handle(press('h', { timeStamp: 3500 }));
    expect(ran).toEqual(['g h']);
  });

  it('rests while typing or in a dialog, except for shortcuts that work everywhere', () => {
    const { keyboard, add, ran } = createHarness();
    add('a');
    add('f6', { everywhere: true });
    keyboard.handle(press('a', { busy: true }));
    keyboard.handle(press('F6', { busy: true }));
    expect(ran).toEqual(['f6']);
  });

  it('leaves single letters alone when they are switched off, but not ? or modified keys', () => {
    const { keyboard, add, ran } = createHarness(false);
    add('a');
    add('g h');
    add('?');
    add('mod+b');
    for (const event of [press('a'), press('g'), press('h'), press('?', { shiftKey: true }), press('b', { ctrlKey: true })])
      keyboard.handle(event);
    expect(ran).toEqual(['?', 'mod+b']);
    expect([isSingleKey('1'), isSingleKey('g h'), isSingleKey('mod+k'), isSingleKey('f6')]).toEqual([true, true, false, false]);
  });

  it('lets the latest registration win and gives the key back when it goes', () => {
    const { keyboard, add, ran } = createHarness();
    add('escape', {}, 'screen');
    const remove = add('escape', {}, 'pane');
    keyboard.handle(press('Escape'));
    remove();
    keyboard.handle(press('Escape'));
    expect(ran).toEqual(['pane', 'screen']);
    expect(keyboard.store.getState()).toHaveLength(1);
  });
});
