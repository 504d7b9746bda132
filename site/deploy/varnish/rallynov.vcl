vcl 4.1;

# The HTTP cache in front of Rally'nov. Caches only responses that the site allows (Surrogate-Control), with the surrogate key
# "site". The site purges them when public content changes (PURGE, from PURGE_URL): "soft" serves stale responses while they are
# fetched again, "hard" removes them. Needs the package varnish-modules.
#
# varnishd -f /etc/varnish/rallynov.vcl -I /etc/varnish/rallynov.cli -a 127.0.0.1:6081 -s malloc,512m
#
# rallynov.cli limits Varnish's log in memory to errors: logging each header of each request costs a quarter of the CPU, and
# stores addresses and cookies. For debugging: varnishadm param.set vsl_mask default

import std;
import xkey;

include "application.vcl";

sub vcl_recv {
    set req.backend_hint = application.backend();

    if (req.method == "PURGE") {
        # Requests from outside have an X-Forwarded-For set by the web server, before Varnish adds its own.
        if (client.ip !~ application_servers || req.http.X-Forwarded-For ~ ",") {
            return (synth(405, "Cette demande n’est permise qu’au site."));
        }
        if (req.http.X-Purge == "soft") {
            set req.http.X-Number = xkey.softpurge("site");
        } else {
            set req.http.X-Number = xkey.purge("site");
        }
        return (synth(204, "Forgotten"));
    }

    if (req.restarts == 0) {
        unset req.http.X-Stale;
    }
    unset req.http.X-Forwarded-Host;
    unset req.http.Forwarded;
    unset req.http.Surrogate-Capability;
    unset req.http.Proxy;
    unset req.http.X-Plain;

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Personal responses: with a session or a token.
    if (req.http.Authorization || req.http.Cookie ~ "(^|;\s*)(__Host-session|sessionid|messages)=") {
        return (pass);
    }
    if (req.url ~ "^/(admin|documents|sante|candidature|signaler|suivi)(/|$|\?)") {
        return (pass);
    }

    # Tracking parameters and the order of parameters do not change the page.
    if (req.url ~ "\?") {
        set req.url = regsuball(req.url, "(?i)(?<=[?&])(utm_|mtm_|pk_|piwik_|matomo_|hsa_)[^=&]*(=[^&]*)?(&|$)", "");
        set req.url = regsuball(req.url, "(?i)(?<=[?&])(_ga|_gl|dclid|fbclid|gad_source|gbraid|gclid|gclsrc|igshid|li_fat_id|mc_cid|mc_eid|msclkid|srsltid|ttclid|twclid|wbraid|yclid)(=[^&]*)?(&|$)", "");
        set req.url = regsub(std.querysort(req.url), "[?&]$", "");
    }
    if (req.http.Accept-Language) {
        if (req.http.Accept-Language ~ "(?i)^\s*en") {
            set req.http.Accept-Language = "en";
        } else {
            set req.http.Accept-Language = "fr";
        }
    }

    # A separate object for clients without gzip: decompressing on each request would cost two to ten times as much.
    if (req.http.Accept-Encoding !~ "gzip" || req.http.Accept-Encoding ~ "\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)") {
        set req.http.X-Plain = "yes";
    }

    # Serve stale for ten seconds while fetching again, and for a day if the site fails.
    if (std.healthy(req.backend_hint) && req.http.X-Stale != "yes") {
        set req.grace = 10s;
        set req.http.X-Stale = "if need be";
    } else {
        set req.grace = 24h;
        set req.http.X-Stale = "yes";
    }
    return (hash);
}

sub vcl_hash {
    # The visitor's scheme, which responses contain in URLs.
    hash_data(req.http.X-Forwarded-Proto);
    hash_data(req.http.X-Plain);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Plain) {
        unset bereq.http.Accept-Encoding;
    }
    unset bereq.http.X-Plain;
}

sub vcl_backend_response {
    set beresp.do_esi = false;
    if (beresp.status >= 500) {
        # A response would replace the stale page even if it is not cached: abandon it while a stale page may exist.
        if (bereq.is_bgfetch || bereq.http.X-Stale == "if need be") {
            return (abandon);
        }
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+" && !beresp.http.Set-Cookie
        && (beresp.status == 200 || beresp.status == 301)) {
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, ".*max-age=([0-9]+).*", "\1") + "s", 0s);
        set beresp.grace = 24h;
        # Valid until a given time: never served stale after it.
        if (beresp.http.Surrogate-Control ~ "stale-while-revalidate=0") {
            set beresp.grace = 0s;
        }
        set beresp.keep = 0s;
        # Rate limit headers are specific to one client.
        unset beresp.http.RateLimit;
        unset beresp.http.RateLimit-Policy;
        return (deliver);
    }
    # Everything else is passed, without waiting for other requests.
    set beresp.ttl = 30s;
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    set beresp.uncacheable = true;
    return (deliver);
}

# The error page for a site that does not respond is generated in vcl_synth.
sub vcl_backend_error {
    return (abandon);
}

# The security headers of the site's own responses.
sub own_headers {
    set resp.http.X-Content-Type-Options = "nosniff";
    set resp.http.X-Frame-Options = "DENY";
    set resp.http.Referrer-Policy = "strict-origin-when-cross-origin";
    set resp.http.Cross-Origin-Opener-Policy = "same-origin";
    set resp.http.Cross-Origin-Resource-Policy = "same-origin";
    set resp.http.Permissions-Policy = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=(), browsing-topics=()";
    set resp.http.X-Permitted-Cross-Domain-Policies = "none";
    set resp.http.Content-Security-Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    set resp.http.Cache-Control = "no-store";
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Control;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (obj.hits > 0) {
        set resp.http.Cache-Status = "varnish; hit";
    }
}

sub vcl_synth {
    # On an error, serve the stale page; without one, pass on the site's own error page.
    if (resp.status == 503 && req.http.X-Stale == "if need be") {
        set req.http.X-Stale = "yes";
        return (restart);
    }
    if (resp.status == 204) {
        return (deliver);
    }
    call own_headers;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (resp.status >= 500) {
        set resp.http.Content-Type = "text/html; charset=utf-8";
        set resp.http.Retry-After = "10";
        set resp.body = {"<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Le site revient</title></head>
<body><main><h1>Le site revient dans un instant</h1><p>Une opération est en cours. Rechargez cette page dans quelques secondes.</p></main></body>
</html>
"};
        return (deliver);
    }
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.body = resp.reason + {"
"};
    return (deliver);
}
