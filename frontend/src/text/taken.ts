/** What the server takes, for the browser's own dialog: it then offers nothing else. */
export const taken = '.png,.jpg,.jpeg,.gif,.webp,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.txt,.md,.csv,.zip'
