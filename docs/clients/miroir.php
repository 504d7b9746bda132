<?php
// Tient une copie exacte des fiches de Rally’nov : `php miroir.php https://rallynov.example copie.json`, une fois par jour.
// Sans dépendance (PHP 8.0+). La copie : {"depuis": instant, "fiches": {identifiant: fiche}}.

const RECOUVREMENT = 300; // secondes : ce qui se publiait pendant la dernière lecture est relu

/** [contenu, instant de la réponse] */
function lire(string $adresse): array
{
    $contexte = stream_context_create(['http' => ['user_agent' => 'miroir-rallynov/1.0', 'timeout' => 30]]);
    $texte = file_get_contents($adresse, false, $contexte);
    if ($texte === false) {
        throw new RuntimeException("Lecture impossible : $adresse");
    }
    $dates = preg_grep('/^Date:/i', $http_response_header);
    return [json_decode($texte, true, 512, JSON_THROW_ON_ERROR), strtotime(substr(end($dates), 5))];
}

/** Chaque élément d’une liste, page après page. */
function tout(?string $adresse): iterable
{
    while ($adresse) {
        [$page] = lire($adresse);
        yield from $page['items'];
        $adresse = $page['next'];
    }
}

[, $site, $fichier] = $argv;
$api = rtrim($site, '/') . '/api/v1';
$copie = is_file($fichier) ? json_decode(file_get_contents($fichier), true, 512, JSON_THROW_ON_ERROR) : [];
$fiches = $copie['fiches'] ?? [];
$filtre = http_build_query(array_filter(['depuis' => $copie['depuis'] ?? null]) + ['par_page' => 100]);
[, $maintenant] = lire("$api/grille");
foreach (tout("$api/fiches?$filtre") as $fiche) {
    $fiches[$fiche['id']] = $fiche;
}
foreach (tout("$api/suppressions?$filtre") as $retiree) {
    unset($fiches[$retiree['id']]);
}
$copie = ['depuis' => gmdate('c', $maintenant - RECOUVREMENT), 'fiches' => (object) $fiches];
file_put_contents($fichier, json_encode($copie, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR));
