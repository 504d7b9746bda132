<?php
// Reçoit les webhooks de Rally’nov : `RALLYNOV_SECRET=whsec_… php -S 127.0.0.1:8080 crochet.php`. Sans dépendance (PHP 8.0+).
// Répond 204 à un message signé par le secret depuis moins de cinq minutes, 401 à tout autre.

const TOLERANCE = 300; // secondes

/** Pendant un changement de secret, un message porte deux signatures : une seule doit être la bonne. */
function est_signe(string $secret, string $corps): bool
{
    $identifiant = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $instant = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($instant) || abs(time() - (int) $instant) > TOLERANCE) {
        return false;
    }
    $cle = base64_decode(substr($secret, strlen('whsec_')));
    $attendue = 'v1,' . base64_encode(hash_hmac('sha256', "$identifiant.$instant.$corps", $cle, true));
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $recue) {
        if (hash_equals($attendue, $recue)) {
            return true;
        }
    }
    return false;
}

$corps = file_get_contents('php://input');
if (!est_signe(getenv('RALLYNOV_SECRET'), $corps)) {
    http_response_code(401);
    return;
}
http_response_code(204);
$message = json_decode($corps, true, 512, JSON_THROW_ON_ERROR);
// Un message peut arriver deux fois, sous le même webhook-id : ne le traitez qu’une fois.
error_log($message['type'] . ' ' . ($message['data']['url'] ?? ''));
