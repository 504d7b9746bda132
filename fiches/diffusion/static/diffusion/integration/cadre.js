// In the framed page: posts its height to the parent page, as {type: "rallynov:hauteur", hauteur} and in WordPress's own format, and
// to WordPress the link that is followed. Nothing else is posted.

const height = () => Math.ceil(document.querySelector(".cadre").getBoundingClientRect().height);
const secret = /^#\?secret=([a-zA-Z0-9]+)$/.exec(location.hash)?.[1];

function postToParent(message) {
  parent.postMessage(message, "*");
}

if (parent !== window) {
  new ResizeObserver(() => {
    postToParent({ type: "rallynov:hauteur", hauteur: height() });
    if (secret) postToParent({ message: "height", value: height(), secret });
  }).observe(document.querySelector(".cadre"));
}

// WordPress's sandboxed frames can't open a window: WordPress follows the link itself.
if (secret) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    event.preventDefault();
    postToParent({ message: "link", value: link.href, secret });
  });
}
