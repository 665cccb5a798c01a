import { mount, type ComponentMountingOptions } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, speak } from '@/i18n'

/** Mounts a component as the app does: with words, stores, addresses and tooltips. */
export async function stage(component: Component, props: Record<string, unknown> = {}, options: ComponentMountingOptions<unknown> = {}) {
  const pinia = createPinia()
  setActivePinia(pinia)
  await speak('en')
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => h('div') } }] })
  const wrapper = mount(
    defineComponent({ render: () => h(TooltipProvider, null, { default: () => h(component, props) }) }),
    { attachTo: document.body, global: { plugins: [pinia, i18n, router] }, ...options } as ComponentMountingOptions<unknown>,
  )
  return { wrapper, router, pinia }
}
