// In a partner's page, beside its frames: gives each the height that it posts, as {type: "rallynov:hauteur", hauteur}.
addEventListener("message", ({ data, source }) => {
  if (data?.type !== "rallynov:hauteur") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source) frame.height = data.hauteur;
  }
});
