# Backend and purge ACL: only the application servers may purge. Edit this file, or mount your own.
import directors;

backend site {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 1s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 30s;
    .probe = {
        .url = "/sante/vivant";
        .interval = 1s;
        .timeout = 5s;
        .window = 4;
        .threshold = 1;  # a busy server is slow to answer: only one that misses four in a row is gone
        .initial = 1;
    }
}

sub vcl_init {
    new application = directors.round_robin();
    application.add_backend(site);
}

acl application_servers {
    "127.0.0.1";
    "::1";
}
