vcl 4.1;

# The HTTP cache in front of Rally'nov. The site says what may be kept (Surrogate-Control, under the key « site »), and when what is
# public changes (PURGE, from PURGE_URL): "soft" shows what is kept once more while one request makes it again, "hard" forgets
# it. Nothing else is kept. Needs the package varnish-modules.
#
# varnishd -f /etc/varnish/rallynov.vcl -I /etc/varnish/rallynov.cli -a 127.0.0.1:6081 -s malloc,512m
#
# rallynov.cli keeps Varnish's log in memory to what went wrong: a line for each header of each request costs a quarter of the
# processor, and holds addresses and cookies. To look closer: varnishadm param.set vsl_mask default

import std;
import xkey;

include "application.vcl";

sub vcl_recv {
    set req.backend_hint = application.backend();

    if (req.method == "PURGE") {
        # What came through the web server carries X-Forwarded-For before Varnish adds its own.
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
    # One person's: who is logged in, who shows a token.
    if (req.http.Authorization || req.http.Cookie ~ "(^|;\s*)(__Host-session|sessionid|messages)=") {
        return (pass);
    }
    if (req.url ~ "^/(admin|documents|sante|candidature|signaler|suivi)(/|$|\?)") {
        return (pass);
    }

    # What follows people around makes no other page; nor does the order of the parameters.
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

    # Who doesn't read gzip has an object of their own: to uncompress the other at each answer costs two to ten times the rest.
    if (req.http.Accept-Encoding !~ "gzip" || req.http.Accept-Encoding ~ "\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)") {
        set req.http.X-Plain = "yes";
    }

    # Stale while it is made again: ten seconds. Stale when it can't be made: a day.
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
    # The scheme that the visitor used: answers name it.
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
        # An answer, even one that isn't kept, takes the place of the old page: not before that one was looked for.
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
        # True until a given instant, and not a second more.
        if (beresp.http.Surrogate-Control ~ "stale-while-revalidate=0") {
            set beresp.grace = 0s;
        }
        set beresp.keep = 0s;
        # What is left to one client is no other's.
        unset beresp.http.RateLimit;
        unset beresp.http.RateLimit-Policy;
        return (deliver);
    }
    # Everything else passes, each for itself.
    set beresp.ttl = 30s;
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    set beresp.uncacheable = true;
    return (deliver);
}

# The page of a site that does not answer is made once, in vcl_synth.
sub vcl_backend_error {
    return (abandon);
}

# What the site's own answers say to the browser.
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
    # A page that could not be made again is shown as it was; where there is none, the site is asked for its own words.
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
