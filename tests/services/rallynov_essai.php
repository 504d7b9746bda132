<?php
// Runs docs/clients/rallynov.php with the few functions of WordPress that it calls: `php rallynov_essai.php <site> <attributes as JSON>`.
// Prints what the shortcode gives, and what the plugin registered.

const ABSPATH = '/';
$told = ['scripts' => []];

function get_option($name, $default) { return $GLOBALS['argv'][1]; }
function untrailingslashit($text) { return rtrim($text, '/'); }
function shortcode_atts($known, $asked) { return array_intersect_key($asked, $known) + $known; }
function current_user_can($what) { return (bool) getenv('EDITOR'); }
function esc_html($text) { return htmlspecialchars($text, ENT_QUOTES); }
function esc_attr($text) { return htmlspecialchars($text, ENT_QUOTES); }
function esc_url($url) { return htmlspecialchars(str_replace(['"', "'", '<', '>', ' '], '', $url), ENT_QUOTES); }
function wp_register_script($name) {}
function wp_add_inline_script($name, $text) {}
function wp_enqueue_script($name) { $GLOBALS['told']['scripts'][] = $name; }
function add_shortcode($name, $call) { $GLOBALS['told']['shortcode'] = $name; }
function get_block_wrapper_attributes() { return 'class="wp-block-rallynov-integration alignwide"'; }
function register_block_type($name, $what) {
    $GLOBALS['told']['block'] = [$name, array_keys($what['attributes'])];
    $GLOBALS['told']['supports'] = $what['supports'] ?? [];
    $GLOBALS['render'] = $what['render_callback'];
}
function wp_oembed_add_provider($pattern, $address) { $GLOBALS['told']['providers'][] = [$pattern, $address]; }
function add_filter() {}
function add_action($when, $call) { if ($when === 'init') $call(); }

require dirname(__DIR__, 2) . '/docs/clients/rallynov.php';
$told['html'] = rallynov_cadre(json_decode($argv[2], true));
$told['rendered'] = $GLOBALS['render'](json_decode($argv[2], true));
echo json_encode($told);
