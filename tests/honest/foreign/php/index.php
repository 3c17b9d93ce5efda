<?php
// Serves Toetsafname in plain PHP with SQLite, as it is commonly written: one front script, PDO, json_decode to arrays.
//
//   TOETS_DB=/tmp/toets.sqlite php -S 127.0.0.1:8000 index.php

declare(strict_types=1);

const ROLES = ['student', 'invigilator', 'coordinator', 'assessor', 'lecturer', 'teaching assistant', 'guest'];
const STATES = ['associated', 'canceled', 'pending', 'denied', 'queued', 'finished'];
const TYPES = ['sessionReport', 'attendanceReport', 'assessmentModel', 'other'];
const UUID = '/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i';

final class Refusal extends RuntimeException
{
}

function refuse(int $status, string $why): never
{
    throw new Refusal($why, $status);
}

function answer(mixed $body, int $status = 200, string $type = 'application/json'): never
{
    http_response_code($status);
    header("Content-Type: $type");
    echo json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
    exit;
}

function problem(int $status, string $detail): never
{
    $titles = [400 => 'Bad Request', 404 => 'Not Found', 405 => 'Method Not Allowed', 415 => 'Unsupported Media Type'];
    answer(
        ['status' => (string) $status, 'title' => $titles[$status] ?? 'Error', 'detail' => $detail],
        $status,
        'application/problem+json',
    );
}

function database(): PDO
{
    static $db = null;
    if ($db === null) {
        $db = new PDO('sqlite:' . getenv('TOETS_DB'), options: [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        $db->exec('PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON');
        $db->exec('CREATE TABLE IF NOT EXISTS offerings (id TEXT PRIMARY KEY, message TEXT NOT NULL)');
        $db->exec('CREATE TABLE IF NOT EXISTS associations (
            offering TEXT NOT NULL REFERENCES offerings (id) ON DELETE CASCADE,
            id TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (offering, id))');
    }
    return $db;
}

function query(string $sql, mixed ...$values): PDOStatement
{
    $statement = database()->prepare($sql);
    $statement->execute($values);
    return $statement;
}

function body(): mixed
{
    if (!preg_match('#^application/([a-z.-]+\+)?json\b#i', $_SERVER['CONTENT_TYPE'] ?? '')) {
        refuse(415, 'A JSON body is expected.');
    }
    try {
        $read = json_decode(file_get_contents('php://input'), false, 128, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
    } catch (JsonException $error) {
        refuse(400, 'The body is no JSON: ' . $error->getMessage());
    }
    return $read;
}

function text(mixed $in, string ...$names): void
{
    foreach ($names as $name) {
        if (!is_object($in) || !isset($in->$name) || !is_string($in->$name)) {
            refuse(400, "$name is missing or no text.");
        }
    }
}

function one_of(mixed $in, string $name, array $allowed): void
{
    if (!in_array($in->$name ?? null, $allowed, true)) {
        refuse(400, "$name must be one of " . implode(', ', $allowed) . '.');
    }
}

function uuid(mixed $value, string $name): string
{
    if (!is_string($value) || !preg_match(UUID, $value)) {
        refuse(400, "$name is no UUID.");
    }
    return strtolower($value);
}

function instant(mixed $in, string $name): void
{
    $value = $in->$name ?? null;
    $form = '/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/';
    if (!is_string($value) || !preg_match($form, $value) || strtotime($value) === false) {
        refuse(400, "$name is no date and time with a zone.");
    }
}

function check_consumers(mixed $consumers): void
{
    foreach (is_array($consumers) ? $consumers : refuse(400, 'consumers is no list.') as $each) {
        text($each, 'consumerKey');
        foreach ($each->documents ?? [] as $document) {
            text($document, 'documentId', 'documentType', 'documentName');
            one_of($document, 'documentType', TYPES);
        }
    }
}

function check_offering(mixed $offering): string
{
    $id = uuid($offering->offeringId ?? null, 'offeringId');
    text($offering->primaryCode ?? null, 'codeType', 'code');
    one_of($offering, 'offeringType', ['component']);
    one_of($offering, 'teachingLanguage', ['nld']);
    if (!is_bool($offering->resultExpected ?? null)) {
        refuse(400, 'resultExpected is missing.');
    }
    foreach (['name', 'description'] as $name) {
        if (!is_array($offering->$name ?? null) || !$offering->$name) {
            refuse(400, "$name is missing.");
        }
        foreach ($offering->$name as $each) {
            text($each, 'language', 'value');
        }
    }
    instant($offering, 'startDateTime');
    instant($offering, 'endDateTime');
    check_consumers($offering->consumers ?? null);
    $ours = array_filter($offering->consumers, fn (object $each) => $each->consumerKey === 'nl-test-admin');
    foreach ($ours ?: refuse(400, 'The consumer nl-test-admin is missing.') as $each) {
        one_of($each, 'offeringState', ['active', 'canceled']);
    }
    return $id;
}

function check_association(mixed $association): string
{
    if (!is_object($association)) {
        refuse(400, 'A participant is an object.');
    }
    $id = uuid($association->associationId ?? null, 'associationId');
    one_of($association, 'associationType', ['componentOfferingAssociation']);
    one_of($association, 'role', ROLES);
    one_of($association, 'state', STATES);
    $person = $association->person ?? null;
    text($person, 'givenName', 'surname', 'displayName', 'mail');
    uuid($person->personId ?? null, 'personId');
    text($person->primaryCode ?? null, 'codeType', 'code');
    if (isset($association->consumers)) {
        check_consumers($association->consumers);
    }
    return $id;
}

function put_offering(): never
{
    $offering = body();
    if (!is_object($offering)) {
        refuse(400, 'A session is an object.');
    }
    $id = check_offering($offering);
    $sql = 'INSERT INTO offerings VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET message = excluded.message';
    query($sql, $id, json_encode($offering, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION));
    answer($offering);
}

function offering(string $id): string
{
    $found = query('SELECT message FROM offerings WHERE id = ?', uuid($id, 'offeringId'))->fetchColumn();
    return $found === false ? refuse(404, 'There is no such session.') : $found;
}

function put_associations(string $id): never
{
    offering($id);
    $sent = body();
    $list = is_array($sent) ? $sent : [$sent];
    $ids = array_map(check_association(...), $list);
    if (count(array_unique($ids)) < count($ids)) {
        refuse(400, 'An associationId occurs twice.');
    }
    database()->exec('BEGIN IMMEDIATE');
    if (is_array($sent)) {
        query('DELETE FROM associations WHERE offering = ?', strtolower($id));
    }
    foreach ($list as $index => $each) {
        $message = json_encode($each, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
        query('INSERT OR REPLACE INTO associations VALUES (?, ?, ?)', strtolower($id), $ids[$index], $message);
    }
    database()->exec('COMMIT');
    answer(['received' => count($list)]);
}

function get_associations(string $id): never
{
    offering($id);
    $size = filter_var($_GET['pageSize'] ?? 10, FILTER_VALIDATE_INT);
    $page = filter_var($_GET['pageNumber'] ?? 1, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1, 'max_range' => 2 ** 31]]);
    if (!in_array($size, [10, 20, 50, 100, 250], true) || $page === false) {
        refuse(400, 'There is no such page.');
    }
    $total = (int) query('SELECT count(*) FROM associations WHERE offering = ?', strtolower($id))->fetchColumn();
    $sql = 'SELECT message FROM associations WHERE offering = ? ORDER BY rowid LIMIT ? OFFSET ?';
    $items = array_map(json_decode(...), query($sql, strtolower($id), $size, ($page - 1) * $size)->fetchAll(PDO::FETCH_COLUMN));
    if (!in_array('person', explode(',', (string) ($_GET['expand'] ?? '')), true)) {
        array_walk($items, fn (object $each) => $each->person = $each->person->personId);
    }
    answer([
        'pageSize' => $size,
        'pageNumber' => $page,
        'hasPreviousPage' => $page > 1,
        'hasNextPage' => $page * $size < $total,
        'totalPages' => (int) ceil($total / $size),
        'items' => $items,
    ]);
}

try {
    $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/';
    $method = $_SERVER['REQUEST_METHOD'];
    if (rtrim($path, '/') === '/ooapi' && $method === 'GET') {
        answer([
            'contactEmail' => 'beheer@example.org',
            'specification' => 'https://example.org/openapi.yaml',
            'documentation' => 'https://example.org/docs',
        ]);
    } elseif ($path === '/ooapi/offerings') {
        $method === 'PUT' ? put_offering() : refuse(405, 'PUT');
    } elseif (preg_match('#^/ooapi/offerings/([^/]+)/associations$#', $path, $found)) {
        match ($method) {
            'GET' => get_associations(rawurldecode($found[1])),
            'PUT' => put_associations(rawurldecode($found[1])),
            default => refuse(405, 'GET, PUT'),
        };
    } elseif (preg_match('#^/ooapi/offerings/([^/]+)$#', $path, $found)) {
        $id = rawurldecode($found[1]);
        if ($method === 'GET') {
            answer(json_decode(offering($id)));
        } elseif ($method === 'DELETE') {
            offering($id);
            query('DELETE FROM offerings WHERE id = ?', strtolower($id));
            answer((object) []);
        }
        refuse(405, 'GET, DELETE');
    }
    refuse(404, 'Nothing is served here.');
} catch (Refusal $error) {
    if ($error->getCode() === 405) {
        header('Allow: ' . $error->getMessage());
    }
    problem($error->getCode(), $error->getMessage());
}
