import { registerHooks } from 'node:module';

// Loaded with --import before the desktop program: whoever asks for Electron gets the stand-in.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron-stub.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
