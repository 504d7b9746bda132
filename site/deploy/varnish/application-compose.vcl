# Backend and purge ACL for the containers of site/deploy/compose.yaml.
import directors;

backend site {
    .host = "site";
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

# Only containers of this project can reach this port: it is not published.
acl application_servers {
    "10.0.0.0"/8;
    "172.16.0.0"/12;
    "192.168.0.0"/16;
}
