import { defineConfig } from '@playwright/test'

// Chromium loads a page of its own into every new window, for suggestions below the
// address: half of what opening one of ours costs. Only the last such list counts,
// so what Playwright turns off stands here again.
const off = [
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI',
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
]

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // Long, because the Go tests run beside these.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Each test file runs a server of its own.
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env['CI'],
  reporter: [['list']],
  globalSetup: './tests/e2e/build.ts',
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
    // It fetches every page for each new browser; tests of what it is for allow it.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', `--disable-features=${off.join()}`],
    },
  },
})
