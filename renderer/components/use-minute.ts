import { useEffect, useState } from 'react';
import { useRuntime } from '../app/runtime.tsx';

const MINUTE = 60_000;
const whole = (now: number): number => now - (now % MINUTE);

/** The begin of the present minute in milliseconds; the component is drawn again when it passes. */
export const useMinute = (): number => {
  const { clock } = useRuntime();
  const [minute, setMinute] = useState(() => whole(clock.now()));
  useEffect(() => clock.after(MINUTE - (clock.now() % MINUTE), () => setMinute(whole(clock.now()))), [clock, minute]);
  return minute;
};
