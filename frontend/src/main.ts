import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import App from './App.vue'
import { whenSignedOut, whenUnready } from './api/client'
import { sayMissing } from './components/late'
import { i18n, speak } from './i18n'
import { router } from './router'
import { useSession } from './stores/session'
import { useSettings } from './stores/settings'
import { register, renewWhenOutdated } from './worker'
import './styles/tokens.css'
import './styles/base.css'
import './styles/floating.css'

renewWhenOutdated(import.meta.url)

const app = createApp(App)
app.use(createPinia())
app.use(i18n)
const settings = useSettings()
watch(() => settings.locale, speak)
whenSignedOut(() => useSession().forget())
whenUnready(() => void useSession().check())

// No await outside: what is loaded later imports this file's chunk, and would wait for it.
async function start(): Promise<void> {
  await speak(settings.locale)
  router.onError(sayMissing)
  app.use(router)
  await router.isReady().catch(() => {}) // the note is to be seen
  app.mount('#app')
  register()
}
void start()
