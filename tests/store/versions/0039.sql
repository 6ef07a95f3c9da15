-- 0039 65e183456c36cdb68933ff52ccf6231fbbbcfecf68b0f859f556a2a7ae4e3e27
INSERT INTO "beat" ("name", "at") VALUES
('deliver', '2027-02-03 07:30:20.500000'),
('plan', '2027-02-03 07:30:00.000000');
INSERT INTO "covenant" ("id", "slug", "name", "municipality", "signed_on", "live_since", "released_at", "released_by", "sender", "reply_to", "phone", "signature", "overrides", "stamp", "is_public", "archived_at", "archived_by") VALUES
(1, 'duinstede', 'Prestatieafspraken Duinstede', 'Gemeente Duinstede', '2022-09-19', '2026-11-01', '2026-11-03 10:00:00.000000', 'secretariaat@duinstede.example', 'Secretariaat <secretariaat@duinstede.example>', 'secretariaat@duinstede.example', '010 - 000 00 00', 'Het secretariaat', '{"school_region": "zuid", "steps": {"wijkschouw": {"title": "Wijkschouw \u2013 de buurt in"}, "uitnodigingsbrief": {"source": ["5.9"]}}}', 'a3a52e13158f02bb', TRUE, NULL, ''),
(3, 'heuvelrand', 'Prestatieafspraken Heuvelrand', '', NULL, '2027-01-01', NULL, '', '', '', '', '', '{}', '', FALSE, '2027-02-02 09:00:00.000000', 'beheer@heuvelrand.example');
INSERT INTO "desk_session" ("id", "token_hash", "email", "began_at", "ended_at") VALUES
(1, 'f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6', 'secretariaat@duinstede.example', '2027-02-01 08:01:00.000000', NULL),
(2, '0707070707070707070707070707070707070707070707070707070707070707', 'wonen@duinstede.example', '2027-01-01 08:01:00.000000', '2027-01-02 08:01:00.000000');
INSERT INTO "fact_head" ("covenant_id", "seq", "hash") VALUES
(0, 0, 'f342b1de44850a1df1e3a044bfd708f9e8da2c2893ec61fa183d7f93812bc8ef'),
(1, 2, '98a7044ba2f0ab856a06b29714969961aaa1c956d9e9ae51802cbe8417482f35');
INSERT INTO "installation" ("id", "uid", "marked_since") VALUES
(1, '0b7f3a5c9d1e4f60a2b4c6d8e0f11223', '2027-01-05 03:00:00.000000');
INSERT INTO "outbox_pause" ("id", "at", "reason", "alarmed_at") VALUES
(1, '2027-02-03 07:31:00.000000', '550 5.7.1 relaying denied, zegt ''mx.duinstede.example''', '2027-02-03 07:32:00.000000');
INSERT INTO "person" ("id", "name", "email", "hard_bounces", "undeliverable_since", "seal_mark", "mark_renewed_at") VALUES
(1, 'Secretariaat', 'secretariaat@duinstede.example', 0, NULL, 'bc079428906c229c', NULL),
(2, 'Team Wonen', 'wonen@duinstede.example', 0, NULL, '6698add1e27d2dee', '2027-02-01 10:30:00.000000'),
(4, 'Afdeling Beleid', 'beleid@zeewering.example', 0, NULL, 'ae00c1f04a43d80b', NULL),
(5, 'Bestuur, voorzitter', 'huurders@duinstede.example', 2, '2027-03-01 09:10:00.000000', '10ea7fc3dd7d9508', NULL),
(6, 'Bestuur, penningmeester', 'huurders@duinstede.example', 2, '2027-03-01 09:10:00.000000', 'cc880c1fccbfaef2', NULL),
(9, 'Éva ''t Hart', 'eva@zeewering.example', 0, NULL, 'eac0e6690c698b15', NULL);
INSERT INTO "sent_form" ("key_hash", "who", "route", "target", "content", "at", "place", "words", "is_over") VALUES
('a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 'secretariaat@duinstede.example', '/c/{slug}/termijnen/{deadline}/besluit', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2', 'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3', '2027-02-01 09:00:00.000000', '/c/duinstede/termijnen', 'Voorraad: gedaan.', TRUE),
('d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4', '', '/antwoord/{signed}', 'e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5', 'f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6', '2027-02-03 09:15:00.500000', '', '', FALSE);
INSERT INTO "sign_in" ("id", "token_hash", "browser_hash", "address_hash", "network_hash", "email", "goes_to", "asked_at", "tries", "spent_at") VALUES
(1, 'd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4', 'e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5', 'Zegel1', 'Zegel2', 'secretariaat@duinstede.example', '/c/duinstede/jaar', '2027-02-01 08:00:00.000000', 1, '2027-02-01 08:01:00.000000');
INSERT INTO "typed_form" ("browser_hash", "place_hash", "reader_hash", "content", "at") VALUES
('a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2', 'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3', X'807665727A6567656C6400FF', '2027-03-02 09:20:00.000000');
INSERT INTO "absence" ("id", "person_id", "first", "last", "deputy_id", "uid") VALUES
(1, 4, '2027-02-15', '2027-02-26', 9, '593e3f1c696d45568306e11326f2309e'),
(3, 2, '2027-07-05', '2027-07-23', NULL, '89e9e9f99da74feda728b27f7663f6b7');
INSERT INTO "actor" ("id", "kind", "person_id", "name", "via", "is_named") VALUES
(1, 'clock', NULL, 'klok', '', FALSE),
(2, 'person', 1, 'secretariaat@duinstede.example', '', FALSE);
INSERT INTO "body" ("id", "covenant_id", "slug", "name", "parties", "is_named") VALUES
(1, 1, 'voorjaarsoverleg', 'Voorjaarsoverleg', '["gemeente", "zeewering"]', FALSE),
(2, 1, 'najaarsoverleg', 'Najaarsoverleg', '[]', TRUE);
INSERT INTO "column_word" ("id", "covenant_id", "heading", "meaning") VALUES
(1, 1, 'oplevering', 'termijn'),
(4, 1, 'prio', '');
INSERT INTO "document" ("id", "covenant_id", "file", "sha256", "imported_at") VALUES
(1, 1, 'afspraken.docx', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '2026-11-02 08:15:00.250000');
INSERT INTO "feed_link" ("id", "person_id", "name", "token_hash", "uid", "created_at", "revoked_at", "covenant_id", "scope", "banners", "alarm_days", "version", "leaked") VALUES
(1, 2, 'telefoon', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', '11112222333344445555666677778888', '2026-12-01 12:00:00.000000', NULL, NULL, 'mine', FALSE, NULL, '', FALSE),
(4, 5, '', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2', '99990000aaaabbbbccccddddeeeeffff', '2026-12-02 12:00:00.000000', '2027-01-15 08:00:00.000000', NULL, 'mine', FALSE, NULL, '', FALSE),
(6, 1, 'Heuvelrand', 'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3', 'f00df00df00df00df00df00df00df00d', '2027-01-20 09:00:00.000000', '2027-01-21 09:00:00.000000', 3, 'covenant', TRUE, 7, '0123456789abcdef', TRUE);
INSERT INTO "handover" ("id", "covenant_id", "person_id", "successor_id", "last_day", "made_at", "made_by", "changes", "undone_at") VALUES
(1, 1, 4, 9, '2027-12-31', '2027-02-02 09:00:00.000000', 'secretariaat@duinstede.example', '{"ended": [{"seat": 4, "until": null}], "made": [{"seat": 12, "is": ["2028-01-01", "None", "", ""]}], "merged": []}', NULL),
(2, 3, 1, NULL, '2028-12-31', '2027-02-02 10:00:00.000000', '', '{"ended": [], "made": [], "merged": []}', '2027-02-02 10:05:00.000000');
INSERT INTO "letter" ("id", "covenant_id", "year", "approved_by", "approved_at", "facts", "pdf", "sender", "outside_on", "outside_by", "outside_note", "step", "told_meeting") VALUES
(1, 1, 2027, 'secretariaat@duinstede.example', '2027-02-25 15:00:00.000000', '{"year": 2027, "senders": [{"name": "Wonen Zeewering"}], "blocks": ["Geachte bestuurders,", "met \"groet\""], "enclosures": false}', X'255044462D312E370AE2E3CFD30A2525454F46', '', NULL, '', '', 'uitnodigingsbrief', 'woensdag 14 april 2027 van 13.30 tot 15.00 uur, Raadzaal'),
(3, 1, 2027, 'beleid@zeewering.example', '2027-02-26 09:00:00.000000', '{"year": 2027}', X'255044462D312E34206B6C65696E', 'zeewering', '2027-02-27', 'beleid@zeewering.example', 'per post', 'uitnodigingsbrief', '');
INSERT INTO "letter_draft" ("id", "covenant_id", "year", "sender", "blocks", "changed_by", "changed_at", "step", "details", "before") VALUES
(1, 1, 2028, '', '{"aanhef": "Geachte bestuurders,", "slot": ""}', 'secretariaat@duinstede.example', '2027-02-28 09:00:00.000000', 'uitnodigingsbrief', '{"place": "Duinstede"}', '{"year": 2027}');
INSERT INTO "letterhead" ("id", "covenant_id", "party", "phone", "web", "accent", "place", "reference", "contact_name", "contact_function", "contact_phone", "contact_email", "reply_to", "display_name", "body", "attention", "function", "salutation", "signatory", "signs_as", "changed_by", "visiting", "postal", "logo", "changed_at") VALUES
(1, 1, 'zeewering', '0115 12 34 56', 'www.zeewering.example', '#7a1f3d', 'Duinstede', 'PA-{jaar}-{nummer}', 'Éva ''t Hart', 'beleidsadviseur', '', 'eva@zeewering.example', 'wonen@zeewering.example', 'Wonen Zeewering', '', '', '', '', 'J. de Boer', 'bestuurder', 'beleid@zeewering.example', '["Havenstraat 1", "4500 AA Duinstede"]', '["Postbus 12", "4500 AB Duinstede"]', X'89504E470D0A1A0A0000', '2027-02-20 09:00:00.000000'),
(4, 1, 'gemeente', '', '', '', '', '', '', '', '', '', '', '', 'College van burgemeester en wethouders', 'wethouder "Wonen"', '', 'Geacht college', '', '', 'secretariaat@duinstede.example', '[]', '[]', X'', '2027-02-21 09:00:00.000000');
INSERT INTO "message" ("id", "key", "kind", "person_id", "covenant_id", "to", "subject", "message_id", "envelope_from", "body", "on", "state", "uncertain", "attempts", "created_at", "next_try_at", "lease_until", "lease_owner", "sent_at", "last_answer", "first_tried_at", "bounced_at", "reported_at", "tries_in_doubt", "in_hand", "is_outdated", "refused_at", "refused_as", "body_sha256", "doubted_at") VALUES
(1, 'digest:4:2027-02-03', 'digest', 4, NULL, 'beleid@zeewering.example', 'Uitnodigingsbrief 2027 (afspraak 5.9)', '<m1@duinstede.example>', 'secretariaat@duinstede.example', X'5375626A6563743A205569746E6F646967696E6773627269656620323032370D0A0D0A42657374652042656C6569642C0D0AC3A900FF', '2027-02-03', 'sent', FALSE, 1, '2027-02-03 07:30:00.000000', NULL, NULL, '', '2027-02-03 07:30:12.000001', '250 2.0.0 Ok: queued as 4F', '2027-02-03 07:30:11.000000', NULL, NULL, 0, FALSE, FALSE, NULL, '', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', NULL),
(2, 'digest:2:2027-02-03~2', 'digest', 2, NULL, 'wonen@duinstede.example', 'Prestatieafspraken: 2 komen eraan', '<m2@duinstede.example>~2', 'secretariaat@duinstede.example', X'', '2027-02-03', 'replaced', FALSE, 0, '2027-02-03 07:30:00.000000', NULL, NULL, '', NULL, '', NULL, NULL, NULL, 0, FALSE, FALSE, NULL, '', '', NULL),
(3, 'digest:2:2027-02-03', 'digest', 2, NULL, 'wonen@duinstede.example', 'Prestatieafspraken: 1 komt eraan', '<m3@duinstede.example>', 'secretariaat@duinstede.example', X'', '2027-02-03', 'queued', TRUE, 2, '2027-02-03 07:30:00.000000', '2027-02-03 07:45:00.000000', '2027-02-03 07:46:00.000000', 'host-1:4711', NULL, '421 4.3.2 even niet', '2027-02-03 07:30:11.000000', NULL, NULL, 0, FALSE, FALSE, NULL, '', '', '2027-02-03 07:31:11.000000'),
(6, 'letter:duinstede:2027:huurders', 'letter', 5, 1, 'huurders@duinstede.example', 'Uitnodigingsbrief 2027', '<m6@duinstede.example>', 'secretariaat@duinstede.example', X'', '2027-03-01', 'sent', FALSE, 1, '2027-03-01 09:00:00.000000', NULL, NULL, '', '2027-03-01 09:00:04.000000', '250 ok', NULL, '2027-03-01 09:10:00.000000', '2027-03-02 08:00:00.000000', 0, FALSE, FALSE, NULL, '', '', NULL),
(7, 'alarm:pause:1:2027-02-03T07:31:00+00:00', 'alarm', NULL, NULL, 'beheer@duinstede.example', 'Het versturen staat stil', '<m7@duinstede.example>', 'secretariaat@duinstede.example', X'', '2027-02-03', 'failed', FALSE, 9, '2027-02-03 07:30:00.000000', NULL, NULL, '', NULL, '', '2027-02-03 07:30:11.000000', NULL, NULL, 0, FALSE, FALSE, NULL, '', '', NULL);
INSERT INTO "party" ("id", "covenant_id", "slug", "name", "kind", "aliases", "position", "until") VALUES
(1, 1, 'gemeente', 'Gemeente Duinstede', 'municipality', '["Gemeente", "Duinstede"]', 0, NULL),
(2, 1, 'zeewering', 'Wonen Zeewering', 'corporation', '["Zeewering"]', 1, '2030-12-31'),
(3, 1, 'huurders', 'Huurdersraad Duinstede', 'tenants', '[]', 2, NULL),
(5, 3, 'gemeente', 'Gemeente Heuvelrand', 'municipality', '[]', 0, NULL);
INSERT INTO "party_group" ("id", "covenant_id", "slug", "members", "aliases") VALUES
(1, 1, 'partijen', '["gemeente", "zeewering", "huurders"]', '["Partijen"]');
INSERT INTO "progress_snapshot" ("id", "covenant_id", "meeting", "year", "on", "made_at", "made_by") VALUES
(1, 1, 'voorjaarsoverleg', 2027, '2027-04-07', '2027-04-07 22:00:00.000000', 'klok');
INSERT INTO "rhythm" ("person_id", "send_hour", "weekdays", "per_week", "overview", "changed_at", "changed_by") VALUES
(2, '10:00:00.000000', '[0, 3]', 1, FALSE, '2027-01-05 11:00:00.000000', 'wonen@duinstede.example'),
(4, NULL, '[]', NULL, TRUE, '2027-01-06 11:00:00.000000', '');
INSERT INTO "term" ("id", "covenant_id", "start", "end", "renews", "state") VALUES
(1, 1, '2022-01-01', '2025-12-31', TRUE, 'running'),
(2, 3, NULL, NULL, FALSE, 'running'),
(6, 1, '2026-01-01', NULL, FALSE, 'past');
INSERT INTO "agreement" ("id", "covenant_id", "number", "theme", "topic", "text", "trekker", "leads", "source", "position", "agenda_topic", "agenda_text", "agenda_trekker", "agenda_leads", "agenda_date", "agenda_source", "agenda_number", "agenda_year", "term_id", "standing") VALUES
(1, 1, '2.1', '2', 'Sociale voorraad sociaal', 'Houd de voorraad op peil.
Ook in ''de kernen''.', 'Gemeente en Zeewering', '["gemeente", "zeewering"]', 'afspraken.docx, tabel 1, rij 2', 0, 'Voorraad', 'Peil de voorraad', 'Zeewering', '["zeewering"]', 'eind 2026', 'agenda.docx, rij 3', '2.1', 2024, 1, 'geldt voor de hele periode'),
(2, 1, '5.9', '5', 'Uitnodigingsbrief', 'Vóór 1 april gaat de brief uit.', 'Zeewering', '["zeewering"]', 'afspraken.docx, tabel 5, rij 9', 1, '', '', '', '[]', '', '', '', NULL, 1, ''),
(4, 3, '1', '', 'Zorg', '', '', '[]', 'heuvelrand.csv, regel 2', 0, '', '', '', '[]', '', '', '', NULL, 2, ''),
(5, 1, '3.4', '3', 'Wijkschouw', '', '', '[]', '', 0, '', '', '', '[]', '', 'agenda.docx, rij 8', '3.5', 2026, 1, '');
INSERT INTO "body_member" ("id", "body_id", "person_id", "party_id", "since", "until") VALUES
(1, 1, 2, 1, '2026-11-01', NULL),
(2, 1, 4, 2, '2026-11-01', '2027-12-31');
INSERT INTO "fact" ("id", "covenant_id", "seq", "at", "actor_id", "verb", "subject", "subject_id", "about", "text", "old", "new", "salt", "digest", "hash") VALUES
(1, 1, -2, '2026-11-03 10:00:00.000000', 2, 'vrijgegeven', 'covenant', 1, 'convenant duinstede', '', '', '', '87b2f2ab6bbea4fb52d8fa7f78b2ed44', '8ea918fe8e3af62a3b38f8336b5592ad28d5895e8c03f8a075127cc5c28f2a70', ''),
(2, 1, -1, '2026-11-04 09:30:00.123456', 2, 'bevestigd', 'reading', 1, 'lezing 1', 'Voorraad: 31 december 2026', '', '', '4e11258ee2efe2836a2691023bd2c6be', '282a1646c50682407dbe358ebb461a354e13212f063187739c696ebebadbd962', ''),
(3, NULL, -1, '2027-02-03 07:31:00.000000', 1, 'verzending gepauzeerd', 'uitgaande', 0, 'uitgaande post', '', '', '', '951f14b1fb6745f91c09fb2968bcf3d8', 'ceccea02ab281833868a734f2c2cc34154b4a943cc1db55e14a3d3ed7119717c', ''),
(4, NULL, 0, '2027-02-03 07:31:00.000000', 1, 'keten begint', 'chain', 0, NULL, '', '', '{"older":1,"seal":"188c3a270e496aabb7a507e3920c07f18346d929746e0b361dea7bca39e81183"}', 'ce8ab3796b764f14c8376fc017d54f34', '9fee4200b832e6a4aba4bdb6ffda5af56265f20dd9213da68ab094789e9343bf', 'f342b1de44850a1df1e3a044bfd708f9e8da2c2893ec61fa183d7f93812bc8ef'),
(5, 1, 0, '2026-11-04 09:30:00.123456', 1, 'keten begint', 'chain', 0, NULL, '', '', '{"older":2,"seal":"6ebc7d87562bee4d3eff3e7e40cdcd3d66b834a460102c7724e1812034987d21"}', 'b0ede6a60ccdab950476c2ea38423b63', '5c302bca9160b16b7aeda269594ca9835b4ea78d2bdc9d13bd2ba968e7ad626a', '724995178f02787a5601c8420e6432517d6607028dc74405146bbeab730bf32a'),
(6, 1, 1, '2027-02-01 09:00:00.000000', 2, 'gewijzigd', 'agreement', 1, NULL, '', '{"topic":"Sociale voorraad"}', '{"topic":"Sociale voorraad sociaal"}', '0587d3b9a1e9f9384107f2f358b1a5c6', '221e5bc17647150ca72a42d822fd3159a8ecce8926c6d3101a3d0e464f2c3137', 'cf73f8c7e6041d21ab417b2e2dae205351aa1063ce05d6de897e383fde1172ff'),
(7, 1, 2, '2027-02-01 09:00:00.000000', 2, 'verplaatst', 'deadline', 5, 'termijn 5', 'naar 31 januari', '', '', '5ce22934a45195514be14367a93a9ab2', '6a8ec4778dbc5ba9d1e4d1f3847321ccc1e5f2d6aaecb899f8214af60bf56ff7', '98a7044ba2f0ab856a06b29714969961aaa1c956d9e9ae51802cbe8417482f35');
INSERT INTO "feed_fetch" ("link_id", "client", "last_at", "fetches") VALUES
(1, 'iPhone of iPad', '2027-02-03 06:00:00.500000', 412),
(6, 'Outlook', '2027-01-20 10:00:00.000000', 1);
INSERT INTO "letter_addressee" ("id", "letter_id", "party", "person_id", "name", "email", "message_id", "is_copy") VALUES
(1, 1, 'huurders', 5, 'Bestuur, voorzitter', 'huurders@duinstede.example', 6, FALSE),
(2, 1, 'gemeente', 2, 'Team Wonen', 'wonen@duinstede.example', NULL, TRUE);
INSERT INTO "letter_approval" ("id", "letter_id", "party", "by", "at", "way", "digest", "remark", "noted_by", "is_sent_back") VALUES
(1, 1, 'zeewering', 'Éva ''t Hart', '2027-02-25 15:00:00.000000', 'link', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '', '', FALSE),
(2, 3, 'zeewering', 'Jo', '2027-02-26 09:00:00.000000', 'paper', '', 'De datum klopt niet.', 'beleid@zeewering.example', TRUE);
INSERT INTO "letter_ask" ("id", "letter_id", "party", "person_id", "name", "asked_by", "asked_at", "times") VALUES
(1, 1, 'zeewering', 9, 'Éva ''t Hart', 'secretariaat@duinstede.example', '2027-02-25 14:00:00.000000', 2),
(3, 3, 'zeewering', 4, 'Afdeling Beleid', 'beleid@zeewering.example', '2027-02-26 08:00:00.000000', 1);
INSERT INTO "letter_file" ("id", "letter_id", "kind", "name", "content", "added_by", "added_at") VALUES
(1, 1, 'getekend', 'uitnodigingsbrief-2027-getekend.pdf', X'255044462D312E37208081', 'beleid@zeewering.example', '2027-02-25 16:00:00.000000'),
(4, 3, 'bewijs', 'bewijs.pdf', X'25504446', '', '2027-02-27 16:00:00.000000');
INSERT INTO "mail_reply" ("id", "message_id", "person_id", "mail_id", "sender", "words", "read_at", "settled_at", "settled_by", "came_of") VALUES
(1, 1, 4, '<antwoord-1@zeewering.example>', 'beleid@zeewering.example', 'Dit loopt; zie ''bijlage''.', '2027-02-03 11:00:00.000000', NULL, '', ''),
(3, 3, 2, '<antwoord-2@duinstede.example>', 'wonen@duinstede.example', 'Is geregeld.', '2027-02-04 11:00:00.000000', '2027-02-04 12:00:00.000000', 'secretariaat@duinstede.example', 'answer');
INSERT INTO "membership" ("id", "person_id", "party_id", "role", "since", "until", "themes", "awaited") VALUES
(1, 1, 1, 'secretariat', NULL, NULL, '[]', '[]'),
(2, 2, 1, 'trekker', NULL, NULL, '["5"]', '[]'),
(3, 2, 1, 'contact', NULL, NULL, '[]', '[]'),
(4, 4, 2, 'contact', '2026-01-01', NULL, '[]', '[]'),
(7, 9, 2, 'deputy', NULL, '2027-12-31', '[]', '[]'),
(8, 5, 3, 'contact', NULL, NULL, '[]', '["9.9", "Afspraak 4"]'),
(9, 6, 3, 'trekker', NULL, NULL, '["2"]', '[]'),
(10, 1, 5, 'secretariat', NULL, NULL, '[]', '[]'),
(12, 9, 2, 'contact', '2028-01-01', NULL, '[]', '[]'),
(13, 9, 2, 'contact', '2029-01-01', '2029-12-31', '[]', '[]');
INSERT INTO "message_covenant" ("covenant_id", "message_id") VALUES
(1, 1),
(1, 3),
(1, 6),
(3, 3);
INSERT INTO "theme_name" ("id", "covenant_id", "term_id", "theme", "name", "source") VALUES
(1, 1, 1, '4', 'Wonen ''met'' zorg', 'hoofdstuk 4');
INSERT INTO "action" ("id", "covenant_id", "agreement_id", "origin", "step_name", "uid", "topic", "text", "trekker", "date_phrase", "source", "leads", "from_agenda", "agenda_year", "is_asked", "position", "body_id") VALUES
(1, 1, 1, 'agreement', NULL, '7781061d93f5407987dd2c40b3d4d4d0', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, NULL),
(2, 1, 2, 'agreement', NULL, 'f2678619a9ae43f980305488665933b5', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, NULL),
(3, 3, 4, 'agreement', NULL, '78f5e59dab704cc8bb1f51c00db40e33', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, NULL),
(4, 1, 5, 'agreement', NULL, '2485574a5cf44b17b5c0257811b1bd77', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, NULL),
(5, 1, NULL, 'step', 'uitnodigingsbrief', '1e52749c41704595a249840524db2bd0', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, NULL),
(6, 1, NULL, 'step', 'voorjaarsoverleg', 'eecb5183ca3c4f449d9e93996cda2f51', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, 1),
(7, 1, NULL, 'step', 'najaarsoverleg', 'a0830a7f293b4c3f9d9c9c5e20052162', '', '', '', '', '', '[]', FALSE, NULL, TRUE, 0, 2),
(8, 1, 1, 'agreement', NULL, 'c4d0a41a3be14b53a7d8d6f80b2c1e11', 'Voorraad, tweede deel', 'Tel ook de garages.', 'Gemeente', 'eind 2027', 'bijlage.docx, tabel 1', '["gemeente"]', TRUE, 2026, TRUE, 1, NULL);
INSERT INTO "agreement_succession" ("old_id", "new_id", "how") VALUES
(1, 5, 'changed');
INSERT INTO "indicator" ("id", "covenant_id", "agreement_id", "key", "name", "unit", "direction", "giver_id", "dims", "baseline") VALUES
(1, 1, 1, 'voorraad', 'Voorraad', 'woningen', 'up', 1, '{"kind": "rijwoning"}', 80.0),
(2, 1, NULL, 'slaagkans', 'Slaagkans', '%', '', NULL, '{}', NULL);
INSERT INTO "membership_agreement" ("membership_id", "agreement_id") VALUES
(2, 1);
INSERT INTO "action_source" ("action_id", "named_as", "agreement_id") VALUES
(5, '5.9', 2);
INSERT INTO "action_succession" ("term_id", "action_id", "slot", "choice", "by", "at", "done_at") VALUES
(6, 1, 'a', 'carry', 'secretariaat@zeewering.example', '2026-02-03 09:00:00.000000', NULL),
(6, 1, 'b', 'close', 'secretariaat@zeewering.example', '2026-02-03 09:00:00.000000', '2026-02-04 09:00:00.000000');
INSERT INTO "deadline" ("id", "covenant_id", "agreement_id", "origin", "occurrence", "title", "todo", "number", "theme", "kind", "phrase", "source", "via", "agreements", "joint", "invented", "doubtful", "window_start", "due", "moved_from", "state", "uid", "sequence", "created_at", "changed_at", "next_moment", "asked", "known_since", "action_id", "slot", "news") VALUES
(1, 1, 2, 'step', '2027', 'Uitnodigingsbrief', 'Stuur de brief.', '5.9', '5', 'letter', '', '5.9', '', '[2]', TRUE, FALSE, FALSE, NULL, '2027-03-31', NULL, 'open', '01d5b13f5e9d5e84edb9e3ac42bca58b', 2, '2026-11-02 08:15:00.250000', '2026-11-02 08:15:00.250000', '2027-03-03 07:30:00.000000', 'yes', '2026-12-01', 5, '', 'back'),
(2, 1, NULL, 'step', '2027', 'Voorjaarsoverleg', '', '', '', 'meeting', '', '', '', '[]', FALSE, FALSE, FALSE, '2027-04-01', '2027-04-30', NULL, 'open', '02d5b13f5e9d5e84edb9e3ac42bca58b', 0, '2026-11-02 08:15:00.250000', '2026-11-02 08:15:00.250000', NULL, 'yes', NULL, 6, '', ''),
(5, 1, 1, 'agreement', 'once', 'Voorraad', '', '2.1', '2', 'action', 'eind 2026', '', '', '[1]', FALSE, FALSE, FALSE, '2026-10-01', '2027-01-31', '2026-12-31', 'done', '05d5b13f5e9d5e84edb9e3ac42bca58b', 1, '2026-11-02 08:15:00.250000', '2027-01-12 14:05:06.789000', NULL, 'yes', '2026-12-10', 1, '1', 'moved'),
(6, 1, 1, 'agreement', '2027', 'Sociale voorraad', '', '2.1', '2', 'yearly', '', '', 'voorjaarsoverleg', '[1]', FALSE, TRUE, TRUE, NULL, '2027-12-31', NULL, 'open', '06d5b13f5e9d5e84edb9e3ac42bca58b', 0, '2026-11-02 08:15:00.250000', '2026-11-02 08:15:00.250000', NULL, 'yes', NULL, 1, '2', ''),
(8, 3, 4, 'agreement', 'once', 'Zorg', '', '1', '', 'action', '', '', '', '[4]', FALSE, FALSE, FALSE, NULL, NULL, NULL, 'dropped', '08d5b13f5e9d5e84edb9e3ac42bca58b', 0, '2026-11-02 08:15:00.250000', '2026-11-02 08:15:00.250000', NULL, 'taken', NULL, 3, '1', ''),
(9, 1, NULL, 'step', '2026', 'Najaarsoverleg', '', '', '', 'meeting', '', '', '', '[]', FALSE, FALSE, FALSE, NULL, '2026-10-31', NULL, 'open', '09d5b13f5e9d5e84edb9e3ac42bca58b', 0, '2026-11-02 08:15:00.250000', '2026-11-02 08:15:00.250000', NULL, 'yes', NULL, 7, '', '');
INSERT INTO "figure" ("id", "indicator_id", "kind", "on", "amount", "source", "actor_id", "at", "replaces_id") VALUES
(1, 1, 'planned', '2027-12-31', 84.0, 'bijlage 1', 1, '2027-01-04 09:00:00.000000', NULL),
(2, 1, 'realised', '2027-06-30', 81.5, '', 1, '2027-07-05 09:00:00.000000', NULL),
(3, 1, 'realised', '2027-06-30', 82.0, 'nageteld', 1, '2027-07-06 09:00:00.000000', 2);
INSERT INTO "reading" ("id", "agreement_id", "ref", "phrase", "from_agenda", "position", "kind", "window_start", "due", "per_year", "until", "doubtful", "others", "reason", "source", "confirmed_by", "confirmed_at", "agenda_year", "action_id", "slot", "rule") VALUES
(1, 1, 'agenda:eind-2026', 'eind 2026', TRUE, 0, 'once', '2026-10-01', '2026-12-31', NULL, NULL, TRUE, '[{"kind": "once", "window_start": null, "due": "2026-12-15", "per_year": null, "until": null, "reason": "eind van het jaar"}]', 'eind 2026: van oktober tot en met december', 'agenda.docx, rij 3', 'secretariaat@duinstede.example', '2026-11-04 09:30:00.123456', NULL, 1, '1', '{}'),
(2, 1, 'raam:twee-keer-per-jaar', 'twee keer per jaar', FALSE, 1, 'yearly', NULL, NULL, 2.0, '2028-12-31', FALSE, '[]', '', '', '', NULL, NULL, 1, '2', '{}'),
(5, 2, 'raam:voor-1-april', 'vóór 1 april', FALSE, 0, 'yearly', NULL, '2027-03-31', 0.5, NULL, FALSE, '[]', '', '', '', NULL, NULL, 2, '1', '{"is": "each-year", "due": {"is": "day-before", "of": {"is": "easter", "days": 0}}, "starts_before": 0, "first": 2027, "every": 2}'),
(6, 5, 'agenda:najaar@2026', 'najaar', TRUE, 0, 'once', NULL, '2026-11-30', NULL, NULL, FALSE, '[]', '', '', '', NULL, 2026, 4, '1', '{}');
INSERT INTO "answer" ("id", "covenant_id", "deadline_id", "party", "person_id", "name", "stand", "sentence", "next_on", "at_risk", "not_before", "about", "at", "mailed_on", "points", "colleague", "place", "link", "start", "released_at", "released_by") VALUES
(1, 1, 1, 'zeewering', 4, 'Jo', 'oranje', 'Wacht op ''de gemeente'' 🌊', '2027-02-20', TRUE, NULL, 'digest:4:2027-02-03', '2027-02-03 09:15:00.000007', '2027-02-03', '', '', '', '', NULL, '2027-02-04 10:00:00.000000', 'secretariaat@duinstede.example'),
(2, 1, 6, 'zeewering', 4, '', '', '', NULL, FALSE, '2027-05-01', 'digest:4:2027-02-03', '2027-02-03 09:16:00.000000', NULL, 'Woonvisie
Peil', 'Mo de Wit', 'Raadzaal, 1e verdieping', 'https://zeewering.example/plan', '14:00:00.000000', NULL, '');
INSERT INTO "deadline_party" ("deadline_id", "party_id", "part", "position", "state", "settled_at", "settled_by", "light", "note", "taken_at", "before", "known_since") VALUES
(1, 1, 'participant', 1, 'open', NULL, '', 'geen bericht', '', NULL, '{}', NULL),
(1, 2, 'lead', 0, 'open', NULL, '', 'oranje', 'wacht op de gemeente', '2027-01-20 09:00:00.000000', '{"state": "open", "settled_at": null, "settled_by": "", "before": {}}', NULL),
(2, 1, 'lead', 0, 'open', NULL, '', 'geen bericht', '', NULL, '{}', NULL),
(2, 2, 'lead', 1, 'open', NULL, '', 'geen bericht', '', NULL, '{}', '2026-12-08'),
(2, 3, 'participant', 2, 'open', NULL, '', 'geen bericht', '', NULL, '{}', NULL),
(5, 2, 'lead', 0, 'done', '2027-01-12 14:05:06.789000', 'beleid@zeewering.example', 'groen', '', NULL, '{}', NULL),
(6, 1, 'lead', 0, 'open', NULL, '', 'geen bericht', '', NULL, '{}', NULL),
(6, 2, 'lead', 1, 'open', NULL, '', 'rood', '', NULL, '{}', NULL),
(8, 5, 'lead', 0, 'open', NULL, '', 'geen bericht', '', NULL, '{}', NULL);
INSERT INTO "meeting" ("id", "covenant_id", "body_id", "deadline_id", "state", "day", "start", "end", "place", "called_off_at", "online") VALUES
(1, 1, 1, 2, 'planned', '2027-04-14', '13:30:00.000000', '15:00:00.000000', 'Raadzaal, 1e verdieping', NULL, 'https://overleg.duinstede.example/voorjaar'),
(2, 1, 2, 9, 'cancelled', '2026-10-14', '09:00:00.000000', '10:00:00.000000', 'Zaal 2', '2026-10-01 08:00:00.000000', '');
INSERT INTO "meeting_decision" ("id", "covenant_id", "deadline_id", "number", "agreement_id", "about_id", "text", "effect", "day", "old_day", "reference", "by", "at", "undone_by", "undone_at", "before") VALUES
(1, 1, 2, 1, 1, 5, 'Een maand later', 'move', '2027-01-31', '2026-12-31', 'Voorjaarsoverleg 14 april 2027, besluit 1', 'secretariaat@duinstede.example', '2027-04-15 09:00:00.000000', '', NULL, '{"due": "2026-12-31"}'),
(2, 1, 2, 2, NULL, NULL, 'Ter kennisname', 'none', NULL, NULL, 'Voorjaarsoverleg 14 april 2027, besluit 2', 'secretariaat@duinstede.example', '2027-04-15 09:01:00.000000', 'secretariaat@duinstede.example', '2027-04-15 09:02:00.000000', '{}');
INSERT INTO "progress_line" ("id", "snapshot_id", "position", "deadline_id", "number", "title", "party", "person", "asked_on", "state", "light", "sentence", "next_on", "at_risk", "answered_at", "answered_by") VALUES
(1, 1, 0, 6, '2.1', 'Sociale voorraad', 'zeewering', 'Afdeling Beleid', '2027-03-10', 'open', 'rood', 'Te weinig grond', '2027-06-01', TRUE, '2027-03-11 10:00:00.000000', 'Jo'),
(2, 1, 1, 6, '2.1', 'Sociale voorraad', 'gemeente', 'Team Wonen', '2027-03-10', 'open', 'geen bericht', '', NULL, FALSE, NULL, '');
INSERT INTO "reminder" ("id", "deadline_id", "party", "person_id", "rung", "counted_from", "on", "reason", "message_id", "created_at", "failed_in") VALUES
(1, 1, 'zeewering', 4, '-56', '2027-03-31', '2027-02-03', 'contactpersoon', 1, '2027-02-03 07:30:00.000000', 0),
(2, 2, 'zeewering', 4, '-70', '2027-04-14', '2027-02-03', 'contactpersoon', 1, '2027-02-03 07:30:00.000000', 0),
(5, 2, 'gemeente', 2, '-70', '2027-04-14', '2027-02-03', 'trekker', 3, '2027-02-03 07:30:00.000000', 0);
INSERT INTO "signal" ("id", "covenant_id", "person_id", "name", "kind", "agreement_id", "text", "at", "by", "deadline_id", "declined", "declined_by", "declined_at") VALUES
(1, 1, 4, 'Team ''beleid''', 'signal', 1, 'De bouw ligt stil; er is geen aannemer.', '2027-02-03 11:00:00.000000', 'beleid@zeewering.example', NULL, '', '', NULL),
(3, 1, 2, 'Wonen', 'circumstances', NULL, 'Er komt een nieuwe wet.', '2027-02-04 11:00:00.000000', 'wonen@duinstede.example', NULL, 'Staat al op de agenda.', 'secretariaat@duinstede.example', '2027-02-05 09:00:00.000000');
INSERT INTO "answer_file" ("answer_id", "name", "content") VALUES
(2, 'plan ''concept''.pdf', X'255044462D312E37208081');
