<?php
/**
 * Plugin Name: Rally’nov
 * Description: La carte, les fiches, les étapes et les prix de Rally’nov dans vos pages : un bloc, un code court, ou une adresse collée.
 * Version: 1.0.0
 * Requires at least: 6.1
 * Requires PHP: 8.0
 * License: GPL-2.0-or-later
 *
 * À copier dans wp-content/plugins/, puis à activer. L’adresse du site Rally’nov se donne dans Réglages → Général.
 *   [rallynov type="liste" filtres="departement=25&par_page=6"]     [rallynov type="fiche" nom="la-recette"]
 *   type : carte, liste, fiche, etapes, etape ou accueil
 */

defined('ABSPATH') || exit;

const RALLYNOV_NATURES = [
    'carte' => ['La carte', 640],
    'liste' => ['Une liste de fiches', 720],
    'fiche' => ['Une fiche', 960],
    'etapes' => ['Les prochaines étapes', 600],
    'etape' => ['Une étape', 960],
    'accueil' => ['La carte', 640],
];
const RALLYNOV_UNE_PAGE = ['fiche', 'etape'];
const RALLYNOV_ATTRIBUTS = ['type' => 'liste', 'nom' => '', 'filtres' => '', 'theme' => 'clair', 'accent' => '', 'hauteur' => ''];

function rallynov_site(): string
{
    return untrailingslashit((string) get_option('rallynov_site', ''));
}

/** Le cadre d’un bloc ou d’un code court. Ce qui manque se dit à qui peut le corriger, et à personne d’autre. */
function rallynov_cadre(array|string $demandes): string
{
    $a = shortcode_atts(RALLYNOV_ATTRIBUTS, (array) $demandes, 'rallynov');
    $manque = match (true) {
        rallynov_site() === '' => 'Donnez l’adresse de Rally’nov dans Réglages → Général.',
        !isset(RALLYNOV_NATURES[$a['type']]) => 'type est un de : ' . implode(', ', array_keys(RALLYNOV_NATURES)) . '.',
        in_array($a['type'], RALLYNOV_UNE_PAGE) && $a['nom'] === '' => 'nom dit laquelle montrer.',
        default => '',
    };
    if ($manque !== '') {
        return current_user_can('edit_posts') ? '<p>Rally’nov : ' . esc_html($manque) . '</p>' : '';
    }
    [$titre, $hauteur] = RALLYNOV_NATURES[$a['type']];
    $allure = http_build_query(array_filter(['theme' => $a['theme'] === 'clair' ? '' : $a['theme'], 'accent' => ltrim($a['accent'], '#')]));
    $filtres = trim(html_entity_decode($a['filtres']), '?& '); // l’éditeur écrit & en &amp;
    $suite = implode('&', array_filter([$filtres, $allure]));
    $nom = in_array($a['type'], RALLYNOV_UNE_PAGE) ? rawurlencode($a['nom']) . '/' : '';
    $adresse = rallynov_site() . "/integration/{$a['type']}/$nom" . ($suite === '' ? '' : "?$suite");
    wp_enqueue_script('rallynov');
    return sprintf(
        '<iframe class="rallynov" src="%s" title="%s" width="100%%" height="%d" style="border:0" loading="lazy" referrerpolicy="origin"></iframe>',
        esc_url($adresse),
        esc_attr("Rally’nov : $titre"),
        (int) $a['hauteur'] ?: $hauteur
    );
}

// Chaque cadre prend la hauteur de ce qu’il montre.
const RALLYNOV_HAUTEUR = <<<'JS'
addEventListener("message", ({ data, source }) => {
  if (data?.type !== "rallynov:hauteur") return;
  for (const cadre of document.querySelectorAll("iframe")) {
    if (cadre.contentWindow === source) cadre.height = data.hauteur;
  }
});
JS;

const RALLYNOV_BLOC = <<<'JS'
(({ blocks, element: { createElement: cree }, blockEditor, components, serverSideRender }) => {
  const champs = { type: "Quoi", nom: "Laquelle (son nom dans l’adresse)", filtres: "Filtres (departement=25)", theme: "Thème (clair, sombre, auto)", accent: "Couleur", hauteur: "Hauteur" };
  blocks.registerBlockType("rallynov/integration", {
    title: "Rally’nov", icon: "location-alt", category: "embed", save: () => null,
    edit: ({ attributes, setAttributes }) => cree("div", blockEditor.useBlockProps(),
      cree(blockEditor.InspectorControls, null, cree(components.PanelBody, { title: "À montrer" },
        Object.entries(champs).map(([nom, label]) => cree(components.TextControl, { key: nom, label, value: attributes[nom], onChange: (valeur) => setAttributes({ [nom]: valeur }) })))),
      cree(serverSideRender, { block: "rallynov/integration", attributes })),
  });
})(wp);
JS;

add_action('init', function () {
    wp_register_script('rallynov', false, [], '1.0.0', true);
    wp_add_inline_script('rallynov', RALLYNOV_HAUTEUR);
    wp_register_script('rallynov-bloc', false, ['wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components', 'wp-server-side-render'], '1.0.0', true);
    wp_add_inline_script('rallynov-bloc', RALLYNOV_BLOC);
    add_shortcode('rallynov', 'rallynov_cadre');
    register_block_type('rallynov/integration', [
        'api_version' => 3,
        'attributes' => array_map(fn ($valeur) => ['type' => 'string', 'default' => $valeur], RALLYNOV_ATTRIBUTS),
        'supports' => ['align' => ['wide', 'full']],
        'render_callback' => fn ($a) => '<div ' . get_block_wrapper_attributes() . '>' . rallynov_cadre($a) . '</div>', // que le thème place
        'editor_script_handles' => ['rallynov-bloc'],
    ]);
    foreach (rallynov_site() === '' ? [] : ['/', '/*'] as $fin) { // une adresse collée devient le même cadre
        wp_oembed_add_provider(rallynov_site() . $fin, rallynov_site() . '/oembed');
    }
});
add_filter('embed_oembed_html', function (string $html, string $url): string {
    if (rallynov_site() !== '' && str_starts_with($url, rallynov_site() . '/')) {
        wp_enqueue_script('rallynov');
    }
    return $html;
}, 10, 2);
add_action('admin_init', function () {
    register_setting('general', 'rallynov_site', ['type' => 'string', 'sanitize_callback' => 'esc_url_raw', 'default' => '']);
    add_settings_field('rallynov_site', 'Adresse de Rally’nov', function () {
        printf('<input type="url" class="regular-text" id="rallynov_site" name="rallynov_site" value="%s">', esc_attr(rallynov_site()));
    }, 'general', 'default', ['label_for' => 'rallynov_site']);
});
