// What `make check` holds the style sheets to: stylelint's recommended rules.
export default {
  extends: "stylelint-config-recommended",
  ignoreFiles: ["**/vendor/**", ".venv/**", "staticfiles/**", "build/**", "node_modules/**"],
  rules: {
    // The order of rules within a component follows the page; layers decide between components.
    "no-descending-specificity": null,
    // Colours are written in couleurs.css and nowhere else.
    "color-no-hex": true,
    "function-disallowed-list": ["rgb", "rgba", "hsl", "hsla"],
  },
  overrides: [
    { files: ["**/couleurs.css", "docs/**"], rules: { "color-no-hex": null, "function-disallowed-list": null } },
    // CSS Generated Content for Paged Media, which browsers don't know and WeasyPrint does.
    { files: ["**/*-pdf.css"], rules: { "declaration-property-value-no-unknown": null } },
  ],
};
