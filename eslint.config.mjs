// What `make check` holds the browser's scripts to: ESLint's recommended rules, and modules wherever a page loads one.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/**", ".venv/**", "staticfiles/**", "build/**", "docs/frontal/_site*/**"] },
  js.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, L: "readonly", htmx: "readonly" } },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
  // Served behind a line that holds its words in the visitor's language.
  { files: ["tests/**", "docs/**"], languageOptions: { globals: globals.node } },
];
