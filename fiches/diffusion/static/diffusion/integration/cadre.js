// In the framed page: posts its height to the parent page, as {type: "rallynov:hauteur", hauteur} and in WordPress's own format, and
// to WordPress the link that is followed. Nothing else is posted.

const height = () => Math.ceil(document.querySelector(".cadre").getBoundingClientRect().height);
const secret = /^#\?secret=([a-zA-Z0-9]+)$/.exec(location.hash)?.[1];

function postToParent(message) {
  parent.postMessage(message, "*");
}

function postHeight() {
  postToParent({ type: "rallynov:hauteur", hauteur: height() });
  if (secret) postToParent({ message: "height", value: height(), secret });
}

if (parent !== window) {
  document.documentElement.style.setProperty("--frame-height", `${innerHeight}px`);
  new ResizeObserver(postHeight).observe(document.querySelector(".cadre"));
  // WordPress says when it listens, which may be after the frame has come.
  addEventListener("message", ({ data }) => data?.message === "ready" && postHeight());
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
