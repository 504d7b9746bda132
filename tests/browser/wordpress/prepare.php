<?php
// Installs a WordPress with a page for each thing that editors paste: `php prepare.php ADDRESS RALLYNOV 1` (empty: without the plugin).
[, $here, $rallynov, $with_the_plugin] = $argv;
$_SERVER += ['HTTP_HOST' => parse_url($here, PHP_URL_HOST) . ':' . parse_url($here, PHP_URL_PORT), 'SERVER_PROTOCOL' => 'HTTP/1.1'];
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Un blog', 'admin', 'admin@blog.test', false, '', 'mot-de-passe');
update_option('permalink_structure', '');
switch_theme('essai');
if ($with_the_plugin) {
    update_option('rallynov_site', $rallynov);
    update_option('active_plugins', ['rallynov.php']);
}

/** A page of ours for each thing to show, alone; prints {name: its address}. */
$made = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $name => $content) {
    $number = wp_insert_post(['post_title' => $name, 'post_content' => $content, 'post_status' => 'publish', 'post_type' => 'page', 'post_author' => 1], true);
    $made[$name] = "$here/?page_id=$number";
}
echo json_encode($made);
