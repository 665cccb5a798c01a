import { mergeConfig, defineConfig } from 'vitest/config'
import app from './vite.config'

export default mergeConfig(
  app,
  defineConfig({
    test: {
      // DOMPurify drops elements under happy-dom; jsdom parses as browsers do.
      environment: 'jsdom',
      include: ['tests/unit/**/*.test.ts'],
      setupFiles: ['tests/unit/setup.ts'],
      restoreMocks: true,
      // The files share a document: making one for each took as long as the tests.
      pool: 'threads',
      isolate: false,
    },
  }),
)
