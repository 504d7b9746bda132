# For two application servers or more, instead of application.vcl: round-robin, and retries on another server when one fails.
import directors;

probe alive {
    .url = "/sante/vivant";
    .interval = 1s;
    .timeout = 5s;
    .window = 4;
    .threshold = 1;  # a busy server is slow to answer: only one that misses four in a row is gone
    .initial = 1;
}

backend first {
    .host = "127.0.0.1";
    .port = "8001";
    .connect_timeout = 1s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 30s;
    .probe = alive;
}

backend second {
    .host = "127.0.0.1";
    .port = "8002";
    .connect_timeout = 1s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 30s;
    .probe = alive;
}

sub vcl_init {
    new application = directors.round_robin();
    application.add_backend(first);
    application.add_backend(second);
}

sub vcl_backend_fetch {
    if (bereq.retries > 0) {
        set bereq.backend = application.backend();
    }
}

sub vcl_backend_error {
    # Reading requests can be retried, more than once: with concurrent requests, the next in turn may be the failed server
    # again. Other requests can't.
    if (bereq.retries < 3 && (bereq.method == "GET" || bereq.method == "HEAD")) {
        return (retry);
    }
}

acl application_servers {
    "127.0.0.1";
    "::1";
}
