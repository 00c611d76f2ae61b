import { describe, expect, it } from 'vitest';
import { createKeyboard, type KeyPress } from '../../../renderer/keyboard/keyboard.ts';

const press = (key: string, repeat: boolean): KeyPress => ({
  key,
  repeat,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  busy: false,
});

describe('a key held down', () => {
  const ran: string[] = [];
  const keyboard = createKeyboard(() => true, false);
  keyboard.register([
    { keys: 'a', label: 'Accept Clearway', group: 'Conflicts', run: () => ran.push('a') },
    { keys: 'j', label: 'Next conflict', group: 'Conflicts', run: () => ran.push('j'), repeats: true },
  ]);

  it('decides once, and goes on moving', () => {
    for (const repeat of [false, true, true]) {
      expect(keyboard.handle(press('a', repeat))).toBe(true);
      expect(keyboard.handle(press('j', repeat))).toBe(true);
    }
    expect(ran.toSorted()).toEqual(['a', 'j', 'j', 'j']);
  });
});
