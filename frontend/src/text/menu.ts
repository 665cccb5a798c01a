import type { Component } from 'vue'

export interface MenuItem {
  label: string
  run: () => void
  icon?: Component
  keys?: string
  danger?: boolean
  disabled?: boolean
}

/** What a menu shows: an item, or a line between groups. */
export type MenuEntry = MenuItem | 'line'
