//! Attachments: taken in whole or in pieces, looked at, part of what is declared, and handed out again (D-504).

use std::time::Duration;

use pingxuan_api::files::scanner::Scanner;
use pingxuan_api::files::sweeping;
use pingxuan_documents::corpus::corpus;
use pingxuan_tests::files::{form, form_type, png};
use pingxuan_tests::story::{TOWNSHIP, definition};
use pingxuan_tests::{Person, World, both};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

const UNIT: &str = "江背镇";
const KINDS: [&str; 7] = ["pdf", "jpeg", "png", "docx", "xlsx", "ofd", "mp4"];

/// A draft of a unit in a campaign whose townships may attach what is said.
async fn draft(world: &World, rules: Value, required: Value) -> (Person, Uuid, Uuid) {
    let mut definition = definition();
    definition["categories"][0]["attachments"] = json!({"value": rules, "source": "office"});
    definition["categories"][0]["required_attachments"]["value"] = required;
    let campaign = world.campaign_of(definition).await;
    world.advanced(campaign).await.expect(200);
    let id = world.drafted(campaign, UNIT, TOWNSHIP).await;
    (world.unit(UNIT).await, campaign, id)
}

fn rules(most: u64) -> Value {
    json!({"max_count": 20, "max_bytes": most, "kinds": KINDS})
}

/// Everything that is kept of files.
async fn kept(world: &World) -> Vec<String> {
    world.app().files.listed().await.unwrap()
}

both! {
    async fn d_504_a_file_bears_out_what_is_declared(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([{"code": "proof", "title": {"zh": "证明", "en": "Proof"}}])).await;
        let application = format!("/applications/{id}");
        let before = unit.get(&application).await.expect(200);
        let missing = unit.get(&format!("{application}/check")).await.expect(200);
        assert_eq!(missing.text_at("/blocked_by/0/code"), "attachment_missing");
        unit.act(&format!("{application}/submit"), Value::Null).await.blocked_by(&["attachment_missing"]);
        let picture = png(30, 20, 100);
        let texts = [("code", "proof"), ("pointers", "/deeds/criterion_1"), ("pointers", "/honours")];
        let attached = unit.attach(id, ("村容村貌·䶮.png", "image/png", &picture), &texts).await.expect(201);
        assert_eq!(attached.header("location"), Some(format!("/api/v1/attachments/{}", attached.id()).as_str()));
        assert_eq!((attached.state().as_str(), attached.text_at("/kind").as_str()), ("stored", "png"));
        assert_eq!(attached.at("/pointers"), &json!(["/deeds/criterion_1", "/honours"]));
        assert_eq!(attached.text_at("/name"), "村容村貌·䶮.png");
        // It is part of what is declared, and of the digest that the paper bears.
        let after = unit.get(&application).await.expect(200);
        assert_ne!(before.text_at("/content_digest"), after.text_at("/content_digest"));
        assert_eq!(after.at("/attachments/0/sha256"), attached.at("/sha256"));
        unit.act(&format!("{application}/submit"), Value::Null).await.expect(200);
        // Once submitted it stays.
        let place = format!("/attachments/{}", attached.id());
        unit.delete(&place).if_match("*").await.refused(409, "illegal_transition");
        unit.attach(id, ("b.png", "image/png", &picture), &[]).await.refused(409, "illegal_transition");
        // A correction for which the attachments are open changes them alone, and the comparison names them.
        let back = json!({"reason": "请更换证明。", "correct_by": "2022-12-01", "fields": ["/attachments"]});
        world.office().await.act(&format!("{application}/return"), back).await.expect(200);
        unit.delete(&place).if_match("*").await.expect(204);
        unit.attach(id, ("新证明.png", "image/png", &png(3, 3, 9)), &[("code", "proof")]).await.expect(201);
        unit.act(&format!("{application}/submit"), Value::Null).await.expect(200);
        let changes = unit.get(&format!("{application}/changes")).await.expect(200);
        let (left, came) = (changes.at("/changes/0"), changes.at("/changes/1"));
        assert_eq!((left["from"]["name"].as_str(), left["to"].is_null()), (Some("村容村貌·䶮.png"), true));
        assert_eq!((came["to"]["name"].as_str(), came["from"].is_null()), (Some("新证明.png"), true));
        let events = world.auditor().await.get(&format!("/audit-events?object_id={id}&operation=upload_attachment")).await.expect(200);
        assert_eq!(events.items().len(), 2);
    }

    async fn d_504_a_limited_correction_opens_what_bears_out_its_members(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let (application, picture) = (format!("/applications/{id}"), png(3, 3, 1));
        let first = unit.attach(id, ("一.png", "image/png", &picture), &[("pointers", "/deeds/criterion_1")]).await.expect(201).id();
        let other = unit.attached(id, "二.png").await.id();
        unit.act(&format!("{application}/submit"), Value::Null).await.expect(200);
        let back = json!({"reason": "请补充。", "correct_by": "2022-12-01", "fields": ["/deeds"]});
        world.office().await.act(&format!("{application}/return"), back).await.expect(200);
        unit.delete(&format!("/attachments/{other}")).if_match("*").await.invalid(&[("", "field_locked")]);
        unit.attach(id, ("三.png", "image/png", &picture), &[]).await.invalid(&[("", "field_locked")]);
        unit.attach(id, ("三.png", "image/png", &picture), &[("pointers", "/deeds/criterion_2")]).await.expect(201);
        unit.delete(&format!("/attachments/{first}")).if_match("*").await.expect(204);
    }

    async fn d_504_a_category_says_how_many_how_large_and_which(world: World) {
        let small = json!({"max_count": 2, "max_bytes": 4000, "kinds": ["png"]});
        let (unit, _, id) = draft(&world, small, json!([])).await;
        let picture = png(3, 3, 1);
        unit.attach(id, ("a.pdf", "application/pdf", b"%PDF-1.7"), &[]).await.invalid(&[("/file", "file_type_not_allowed")]);
        unit.attach(id, ("a.png", "image/png", &vec![0; 5000]), &[]).await.refused(413, "payload_too_large");
        unit.announce(id, "a.png", 5000).await.invalid(&[("/size", "too_large")]);
        unit.announce(id, "../a.png", 50).await.invalid(&[("/name", "file_name_bad")]);
        for (texts, fault) in [
            ([("code", "nothing")], ("/code", "unknown_reference")),
            ([("pointers", "/nowhere")], ("/pointers/0", "unknown_reference")),
            ([("sha256", &"0".repeat(64))], ("/sha256", "digest_mismatch")),
            ([("sha256", "short")], ("/sha256", "wrong_format")),
            ([("colour", "red")], ("/colour", "unknown_member")),
        ] {
            let refused = unit.attach(id, ("a.png", "image/png", &picture), &texts).await.refused(422, "validation_failed");
            assert!(refused.faults().contains(&(fault.0.to_owned(), fault.1.to_owned())), "{refused}");
        }
        unit.attached(id, "一.png").await;
        unit.attached(id, "二.png").await;
        unit.attach(id, ("三.png", "image/png", &picture), &[]).await.invalid(&[("", "too_many")]);
        assert_eq!(kept(&world).await.len(), 2, "what was refused is not kept");
        // A draft that is deleted takes its attachments along.
        unit.delete(&format!("/applications/{id}")).if_match("*").await.expect(204);
        assert_eq!(kept(&world).await, Vec::<String>::new());
    }

    async fn c_20_a_form_is_read_strictly(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let path = format!("/applications/{id}/attachments");
        let picture = png(3, 3, 1);
        let file = Some(("a.png", "image/png", &picture[..]));
        let send = async |body: Vec<u8>| unit.post(&path).body(&form_type(), body).await;
        send(form(&[], None)).await.invalid(&[("/file", "file_missing")]);
        let whole = form(&[], file);
        send(whole[..whole.len() - 8].to_vec()).await.refused(400, "malformed_request");
        send(form(&[("code", "a"), ("code", "b")], file)).await.invalid(&[("/code", "duplicate")]);
        send(form(&vec![("pointers", "/deeds"); 50], file)).await.refused(400, "malformed_request");
        send(form(&[("code", &"a".repeat(100_000))], file)).await.refused(413, "payload_too_large");
        let two = [&whole[..whole.len() - "--one-part-ends-here--\r\n".len()], &whole[..]].concat();
        send(two).await.invalid(&[("/file", "duplicate")]);
        let renamed = |with: &str| {
            let from = b"filename=\"a.png\"";
            let at = whole.windows(from.len()).position(|window| window == from).unwrap();
            [&whole[..at], with.as_bytes(), &whole[at + from.len()..]].concat()
        };
        send(renamed("filename=\"a.png\"; filename*=UTF-8''b.png")).await.invalid(&[("/file", "file_name_bad")]);
        send(renamed("filename=\"\"")).await.invalid(&[("/file", "file_name_bad")]);
        let long = format!("filename=\"a.png\"\r\nX-Long: {}", "a".repeat(1_000_000));
        send(renamed(&long)).await.refused(400, "malformed_request");
        let coded = unit.post(&path).body(&form_type(), whole.clone()).header("content-encoding", "gzip").await;
        coded.refused(415, "unsupported_media_type");
        unit.post(&path).body("text/plain", "x").await.refused(415, "unsupported_media_type");
        // The same key and file is the same request, whatever stands between the parts.
        let keyed = async |body: Vec<u8>| unit.post(&path).body(&form_type(), body).header("idempotency-key", "one").await;
        let first = keyed(whole.clone()).await.expect(201).id();
        let again = keyed(whole.clone()).await.expect(201);
        assert_eq!((again.id(), again.header("idempotent-replayed")), (first, Some("true")));
        keyed(form(&[], Some(("b.png", "image/png", &picture)))).await.refused(422, "idempotency_key_reused");
        assert_eq!(kept(&world).await.len(), 1);
    }

    async fn s_30_hostile_files_are_refused_and_harmless_ones_kept(world: World) {
        let (unit, _, id) = draft(&world, json!({"max_count": 100, "max_bytes": 100 << 20, "kinds": KINDS}), json!([])).await;
        let (mut refused, mut taken) = (0, 0);
        for specimen in corpus() {
            if specimen.name.contains('"') || specimen.name.chars().any(char::is_control) {
                continue; // No form can bear such a name.
            }
            let media_type = specimen.media_type.unwrap_or("application/octet-stream");
            let reply = unit.attach(id, (&specimen.name, media_type, &specimen.bytes), &[]).await;
            match specimen.verdict {
                Ok(kind) => {
                    let reply = reply.expect(201);
                    assert_eq!(reply.text_at("/kind"), <&str>::from(kind), "{}", specimen.about);
                    unit.delete(&format!("/attachments/{}", reply.id())).if_match("*").await.expect(204);
                    taken += 1;
                }
                Err("too_large") => {
                    reply.refused(413, "payload_too_large");
                    refused += 1;
                }
                Err(code) => {
                    let reply = reply.refused(422, "validation_failed");
                    let code = if code == "bad_name" { "file_name_bad" } else if code == "empty_file" { "file_empty" } else { code };
                    let code = if code.starts_with("file_") { code.to_owned() } else { format!("file_{code}") };
                    let wanted = [code, "too_small".into()];
                    assert!(reply.error_codes().iter().all(|code| wanted.contains(code)), "{}: {reply}", specimen.about);
                    refused += 1;
                }
            }
        }
        assert!(refused >= 60 && taken >= 15, "{refused} refused, {taken} taken");
        assert_eq!(kept(&world).await, Vec::<String>::new());
    }

    async fn c_20_an_upload_goes_on_where_it_ended(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let picture = png(400, 300, 77);
        let announced = unit.announce(id, "大图.png", picture.len()).await.expect(201);
        let (attachment, half) = (announced.id(), picture.len() / 2);
        let place = format!("/attachments/{attachment}/upload");
        assert_eq!(announced.state(), "uploading");
        unit.get(&format!("/attachments/{attachment}/content")).await.blocked_by(&["upload_unfinished"]);
        let first = unit.send_piece(attachment, 0, &picture[..half]).await.expect(200);
        assert_eq!((first.state().as_str(), first.header("upload-offset")), ("uploading", Some(half.to_string().as_str())));
        unit.send_piece(attachment, 0, &picture[..half]).await.blocked_by(&["upload_offset_wrong"]);
        unit.send_piece(attachment, half, &vec![0; picture.len()]).await.refused(413, "payload_too_large");
        let asked = unit.get(&place).await.expect(200);
        assert_eq!((asked.at("/offset"), asked.header("upload-offset")), (&json!(half), Some(half.to_string().as_str())));
        // It counts for nothing until it is whole, and nobody else sees it.
        assert_eq!(unit.get(&format!("/applications/{id}")).await.expect(200).at("/attachments"), &json!([]));
        let done = unit.send_piece(attachment, half, &picture[half..]).await.expect(200);
        assert_eq!((done.state().as_str(), done.text_at("/kind").as_str()), ("stored", "png"));
        unit.send_piece(attachment, picture.len(), b"x").await.blocked_by(&["upload_over"]);
        assert_eq!(unit.get(&format!("/attachments/{attachment}/content")).await.expect(200).bytes, picture);
        assert_eq!(kept(&world).await, [format!("attachments/{attachment}")], "the pieces are gone");
        // What is refused in the end is gone.
        let bad = unit.announce(id, "坏.png", 10).await.expect(201).id();
        unit.send_piece(bad, 0, b"0123456789").await.invalid(&[("/file", "file_type_mismatch")]);
        unit.get(&format!("/attachments/{bad}")).await.refused(404, "not_found");
        // What nobody goes on with is given up after a day.
        let left = unit.announce(id, "半.png", 100).await.expect(201).id();
        unit.send_piece(left, 0, b"\x89PNG").await.expect(200);
        world.move_clock("2022-11-09T10:00:00+08:00").await;
        world.unit(UNIT).await.get(&format!("/attachments/{left}")).await.refused(404, "not_found");
        assert_eq!(kept(&world).await.len(), 1);
    }

    async fn c_20_what_has_come_over_a_bad_line_stays(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let picture = png(300, 300, 7);
        let attachment = unit.announce(id, "图.png", picture.len()).await.expect(201).id();
        let mut line = tokio::net::TcpStream::connect(world.address()).await.unwrap();
        let head = format!(
            "PATCH /api/v1/attachments/{attachment}/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/offset+octet-stream\r\n\
             Upload-Offset: 0\r\nContent-Length: {}\r\n\r\n",
            unit.token().await.unwrap(),
            picture.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(&picture[..200]).await.unwrap();
        drop(line);
        let place = format!("/attachments/{attachment}/upload");
        let mut come = 0;
        for _ in 0..100 {
            come = usize::try_from(unit.get(&place).await.expect(200).at("/offset").as_u64().unwrap()).unwrap();
            if come > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(come, 200);
        unit.send_piece(attachment, come, &picture[come..]).await.expect(200);
        assert_eq!(unit.get(&format!("/attachments/{attachment}/content")).await.expect(200).bytes, picture);
    }

    async fn c_20_a_file_is_handed_out_whole_or_in_part(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let picture = png(20, 20, 3);
        let attached = unit.attach(id, ("证明 “甲”;乙.png", "image/png", &picture), &[]).await.expect(201);
        let place = format!("/attachments/{}/content", attached.id());
        let whole = unit.get(&place).await.expect(200);
        assert_eq!(whole.bytes, picture);
        let tag = format!("\"{}\"", attached.text_at("/sha256"));
        assert_eq!((whole.etag(), whole.header("content-type")), (tag.clone(), Some("image/png")));
        assert_eq!((whole.header("accept-ranges"), whole.header("x-content-type-options")), (Some("bytes"), Some("nosniff")));
        let named = whole.header("content-disposition").unwrap();
        assert!(named.starts_with("attachment; filename=\"") && named.contains("filename*=UTF-8''%E8%AF%81%E6%98%8E"), "{named}");
        assert!(whole.header("content-security-policy").unwrap().contains("sandbox"));
        let part = async |range: &str| unit.get(&place).header("range", range).await;
        let reply = part("bytes=2-5").await.expect(206);
        assert_eq!((&reply.bytes[..], reply.header("content-range")), (&picture[2..6], Some(format!("bytes 2-5/{}", picture.len()).as_str())));
        assert_eq!(part("bytes=-4").await.expect(206).bytes, picture[picture.len() - 4..]);
        part("bytes=999999-").await.refused(416, "range_not_satisfiable");
        let other = unit.get(&place).header("range", "bytes=0-1").header("if-range", "\"other\"").await.expect(200);
        assert_eq!(other.bytes, picture);
        unit.get(&place).header("if-none-match", &tag).await.expect(304);
        // Compressed, its parts would be of something else.
        let asked = unit.get(&place).header("accept-encoding", "gzip").await.expect(200);
        assert_eq!(asked.bytes, picture);
    }

    async fn d_903_attachments_are_seen_by_who_sees_the_application(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let attachment = unit.attached(id, "一.png").await.id();
        unit.announce(id, "二.png", 100).await.expect(201);
        let list = format!("/applications/{id}/attachments");
        let place = format!("/attachments/{attachment}");
        for stranger in [world.unit("高兴镇").await, world.office().await, world.supervisor("赵一").await] {
            stranger.get(&list).await.refused(404, "not_found");
            stranger.get(&place).await.refused(404, "not_found");
            stranger.get(&format!("{place}/content")).await.refused(404, "not_found");
        }
        unit.act(&format!("/applications/{id}/submit"), Value::Null).await.expect(200);
        assert_eq!(unit.get(&list).await.expect(200).column("state"), ["stored", "uploading"]);
        let office = world.office().await;
        assert_eq!(office.get(&list).await.expect(200).column("name"), ["一.png"]);
        office.get(&format!("{place}/content")).await.expect(200);
        office.delete(&place).if_match("*").await.refused(404, "not_found");
        world.supervisor("赵一").await.get(&place).await.refused(404, "not_found");
    }

    async fn d_303_what_is_attached_lies_sealed_with_the_rest(world: World) {
        let mut definition = definition();
        definition["sealed"]["value"] = json!(true);
        let campaign = world.campaign_of(definition).await;
        world.advanced(campaign).await.expect(200);
        let id = world.drafted(campaign, UNIT, TOWNSHIP).await;
        let unit = world.unit(UNIT).await;
        let attachment = unit.attached(id, "名单.png").await.id();
        unit.act(&format!("/applications/{id}/submit"), Value::Null).await.expect(200);
        let office = world.office().await;
        for path in [format!("/applications/{id}/attachments"), format!("/attachments/{attachment}"), format!("/attachments/{attachment}/content")] {
            office.get(&path).await.blocked_by(&["campaign_sealed"]);
            unit.get(&path).await.expect(200);
        }
        assert!(office.get(&format!("/applications/{id}")).await.expect(200).at("/attachments").is_null());
        let events = world.auditor().await.get(&format!("/audit-events?object_id={id}")).await.expect(200);
        assert!(!events.text.contains("名单"), "{events}");
    }

    async fn s_30_what_the_scanner_finds_is_put_aside(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let clamd = tokio::spawn(async move {
            for answer in ["stream: OK\0", "stream: Win.Test FOUND\0"] {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut greeting = [0; 10];
                stream.read_exact(&mut greeting).await.unwrap();
                loop {
                    let length = stream.read_u32().await.unwrap() as usize;
                    if length == 0 {
                        break;
                    }
                    stream.read_exact(&mut vec![0; length]).await.unwrap();
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        world.beside_as(|app| app.files.scanner = Scanner::read(&address), async |other| {
            let there = other.bearer(&unit.token().await.unwrap());
            there.attached(id, "好.png").await;
            let aside = there.attached(id, "坏.png").await;
            assert_eq!((aside.state().as_str(), aside.at("/content").is_null()), ("quarantined", true));
            let place = format!("/attachments/{}", aside.id());
            there.get(&format!("{place}/content")).await.blocked_by(&["file_quarantined"]);
            clamd.await.unwrap();
            // The scanner is away: nothing is taken.
            there.attach(id, ("三.png", "image/png", &png(1, 1, 1)), &[]).await.refused(503, "service_unavailable");
            assert_eq!(there.get(&format!("/applications/{id}")).await.expect(200).list_at("/attachments").len(), 1);
            there.delete(&place).if_match("*").await.expect(204);
        })
        .await;
        assert_eq!(kept(&world).await.len(), 1);
    }

    async fn r_06_files_that_belong_to_nobody_are_swept(world: World) {
        let (unit, _, id) = draft(&world, rules(1 << 20), json!([])).await;
        let attachment = unit.attached(id, "一.png").await.id();
        let app = world.app();
        let mut spool = app.files.spool().unwrap();
        spool.write(b"left behind").await.unwrap();
        let left = spool.close().await.unwrap();
        for kept in [pingxuan_api::files::Kept::Attachment, pingxuan_api::files::Kept::Piece(0), pingxuan_api::files::Kept::Result] {
            app.files.keep(kept, Uuid::new_v4(), &left.path).await.unwrap();
        }
        assert_eq!(sweeping::sweep(app, sweeping::ORPHANED).await.unwrap(), 0, "they are young");
        assert_eq!(sweeping::sweep(app, Duration::ZERO).await.unwrap(), 3);
        assert_eq!(kept(&world).await, [format!("attachments/{attachment}")]);
    }
}
