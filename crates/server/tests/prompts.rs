//! Prompts: versions with a parent check, tags that move, and everything that must be refused.

mod support;

use serde_json::{Value, json};
use support::TestApp;

fn object(class: &str, kwargs: Value) -> Value {
    json!({"lc": 1, "type": "constructor", "id": ["langchain", "prompts", "chat", class], "kwargs": kwargs})
}

/// A chat prompt of one message.
fn chat(text: &str) -> Value {
    let prompt =
        object("PromptTemplate", json!({"template": text, "input_variables": [], "template_format": "f-string"}));
    let message = object("SystemMessagePromptTemplate", json!({"prompt": prompt}));
    object("ChatPromptTemplate", json!({"input_variables": [], "messages": [message]}))
}

async fn create(app: &TestApp, name: &str) -> Value {
    app.post("/repos", &json!({"repo_handle": name, "is_public": false})).await.ok()["repo"].clone()
}

/// Saves a version on top of `parent`; returns it.
async fn push(app: &TestApp, name: &str, text: &str, parent: Option<&str>) -> Value {
    let body = json!({"manifest": chat(text), "parent_commit": parent, "description": text});
    app.post(&format!("/commits/-/{name}"), &body).await.ok()["commit"].clone()
}

fn hash(commit: &Value) -> &str {
    commit["commit_hash"].as_str().unwrap()
}

#[tokio::test]
async fn a_prompt_is_created_found_changed_and_deleted() {
    let app = TestApp::new();
    let made = create(&app, "refund").await;
    assert_eq!(
        (&made["full_name"], &made["owner"], &made["num_commits"], &made["last_commit_hash"], &made["tags"]),
        (&json!("-/refund"), &Value::Null, &json!(0), &Value::Null, &json!([]))
    );
    for owner in ["-", "fanlight"] {
        assert_eq!(app.get(&format!("/repos/{owner}/refund/")).await.ok()["repo"], made);
    }
    app.get("/repos/somebody/refund").await.expect(404);
    app.post("/repos/", &json!({"repo_handle": "refund", "is_public": false})).await.expect(409);

    let change = json!({"description": "Refunds", "tags": ["support"], "is_public": true, "readme": null});
    let changed = app.patch("/repos/-/refund", &change).await.ok()["repo"].clone();
    assert_eq!((&changed["description"], &changed["full_name"]), (&json!("Refunds"), &json!("fanlight/refund")));
    assert!(changed["updated_at"].as_str() > made["updated_at"].as_str());

    app.delete("/repos/-/refund").await.expect(200);
    for path in ["/repos/-/refund", "/commits/-/refund", "/commits/-/refund/latest", "/repos/-/refund/tags"] {
        app.get(path).await.expect(404);
    }
    app.delete("/repos/-/refund").await.expect(404);
    create(&app, "refund").await;
}

#[tokio::test]
async fn a_version_is_based_on_the_newest_or_refused() {
    let app = TestApp::new();
    create(&app, "p").await;
    let first = push(&app, "p", "one", None).await;
    let second = push(&app, "p", "two", Some(hash(&first))).await;
    assert_eq!((&second["parent_commit_hash"], &second["parent_id"]), (&first["commit_hash"], &first["id"]));
    assert_eq!(hash(&second).len(), 64);

    let on = |parent: &str| json!({"manifest": chat("three"), "parent_commit": parent});
    let stale = app.post("/commits/-/p", &on(hash(&first))).await.expect(409).json();
    assert!(stale["detail"].as_str().unwrap().contains(&hash(&second)[..8]), "{stale}");
    app.post("/commits/-/p", &on("0123456789")).await.expect(409);
    app.post("/commits/-/p", &on(&hash(&second)[..9])).await.expect(200);
    // The same text saved again is no version.
    let again = app.post("/commits/-/p", &on("latest")).await.expect(409).json();
    assert!(again["detail"].as_str().unwrap().starts_with("Nothing to commit"), "{again}");

    let history = app.get("/commits/-/p/?limit=2&offset=0").await.ok();
    assert_eq!(history["total"], 3);
    let listed: Vec<_> =
        history["commits"].as_array().unwrap().iter().map(|commit| &commit["parent_commit_hash"]).collect();
    assert_eq!(listed, [&second["commit_hash"], &first["commit_hash"]]);
    assert_eq!(history["commits"][1]["manifest"], chat("two"));
    let slim = app.get("/commits/-/p?include_manifest=false").await.ok();
    assert_eq!((slim["commits"].as_array().unwrap().len(), &slim["commits"][0]["manifest"]), (3, &Value::Null));
    app.post("/commits/-/absent", &json!({"manifest": chat("x")})).await.expect(404);
}

#[tokio::test]
async fn a_version_is_pulled_by_hash_prefix_tag_and_latest() {
    let app = TestApp::new();
    create(&app, "p").await;
    let first = push(&app, "p", "one", None).await;
    let second = push(&app, "p", "two", Some(hash(&first))).await;
    let tag = |name: &str, commit: &Value| json!({"tag_name": name, "commit_id": commit["id"]});
    app.post("/repos/-/p/tags", &tag("prod", &first)).await.ok();
    app.post("/repos/-/p/tags", &tag("production", &first)).await.ok();
    // A tag that reads like the beginning of a hash does not hide the hash.
    app.post("/repos/-/p/tags", &tag(&hash(&second)[..8], &first)).await.ok();

    for (version, commit, text) in [
        ("latest", &second, "two"),
        (hash(&first), &first, "one"),
        (&hash(&first)[..8], &first, "one"),
        (&hash(&second).to_uppercase()[..12], &second, "two"),
        (&hash(&second)[..8], &second, "two"),
        ("prod", &first, "one"),
        ("production", &first, "one"),
    ] {
        let pulled = app.get(&format!("/commits/fanlight/p/{version}")).await.ok();
        assert_eq!((&pulled["commit_hash"], &pulled["manifest"]), (&commit["commit_hash"], &chat(text)), "{version}");
        assert_eq!(pulled["examples"], json!([]));
    }
    // Fewer than eight characters are a tag or nothing.
    for unknown in [&hash(&first)[..7], "staging", &"0".repeat(64)] {
        app.get(&format!("/commits/-/p/{unknown}")).await.expect(404);
    }
}

#[tokio::test]
async fn who_has_a_version_already_is_told_so() {
    let app = TestApp::new();
    create(&app, "p").await;
    push(&app, "p", "one", None).await;
    let pulled = app.get("/commits/-/p/latest").await;
    let etag = pulled.header("etag").to_owned();
    assert_eq!(pulled.header("cache-control"), "no-cache");
    let known = app.request("GET", "/commits/-/p/latest", &[("if-none-match", &etag)], "").await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    push(&app, "p", "two", None).await;
    let newer = app.request("GET", "/commits/-/p/latest", &[("if-none-match", &etag)], "").await;
    assert_eq!(newer.ok()["manifest"], chat("two"));
}

#[tokio::test]
async fn the_model_comes_along_only_when_it_is_asked_for() {
    let app = TestApp::new();
    create(&app, "p").await;
    let model = object(
        "ChatOpenAI",
        json!({"model": "gpt-4o", "openai_api_key": {"lc": 1, "type": "secret", "id": ["OPENAI_API_KEY"]}}),
    );
    let both = object("RunnableSequence", json!({"first": chat("one"), "last": model}));
    app.post("/commits/-/p", &json!({"manifest": both})).await.ok();
    let alone = app.get("/commits/-/p/latest").await.ok();
    assert_eq!((&alone["manifest"], alone.get("model_provider")), (&chat("one"), None));
    for asked in ["include_model=true", "include_model=True", "include=is_draft,model"] {
        let pulled = app.get(&format!("/commits/-/p/latest?{asked}")).await.ok();
        assert_eq!((&pulled["manifest"], &pulled["model_provider"]), (&both, &json!("ChatOpenAI")));
        assert_eq!(pulled["model_config"]["model"], "gpt-4o");
    }
    let listed = |answer: Value| answer["commits"][0]["manifest"].clone();
    assert_eq!(listed(app.get("/commits/-/p").await.ok()), chat("one"));
    assert_eq!(listed(app.get("/commits/-/p?include_model=True").await.ok()), both);
}

#[tokio::test]
async fn what_is_no_prompt_is_refused_in_the_words_of_the_contract() {
    let app = TestApp::new();
    create(&app, "p").await;
    for (manifest, text) in [
        (json!({"lc": 1}), "Manifest must have an id field"),
        (json!({"id": ["hi"]}), "Manifest type hi is not supported"),
    ] {
        let refused = app.post("/commits/-/p", &json!({"manifest": manifest})).await.expect(400).json();
        assert_eq!(refused["detail"], text);
    }
    for body in [json!({}), json!({"manifest": [1]}), json!({"manifest": chat(&"x".repeat(1 << 20))})] {
        app.post("/commits/-/p", &body).await.expect(422);
    }
    let long = json!({"manifest": chat("x"), "description": "é".repeat(1001)});
    app.post("/commits/-/p", &long).await.expect(422);
    assert_eq!(app.get("/commits/-/p").await.ok()["total"], 0);
}

#[tokio::test]
async fn a_tag_moves_and_every_move_is_remembered() {
    let app = TestApp::new();
    create(&app, "p").await;
    let first = push(&app, "p", "one", None).await;
    let second = push(&app, "p", "two", Some(hash(&first))).await;
    let tags = "/repos/-/p/tags";
    let python = [("user-agent", "langsmith-py/0.15.0 x"), ("content-type", "application/json")];
    let body = json!({"tag_name": "production", "commit_id": first["id"]}).to_string();
    app.request("POST", tags, &python, body.clone()).await.ok();
    // Said again, nothing moves.
    app.request("POST", tags, &python, body).await.ok();
    let moved = json!({"commit_id": second["id"], "author": "Ada"});
    let moved = app.patch(&format!("{tags}/production"), &moved).await.ok();
    assert_eq!((&moved["commit_hash"], &moved["tag_name"]), (&second["commit_hash"], &json!("production")));
    assert_eq!(app.get(tags).await.ok(), json!([moved]));
    assert_eq!(app.get(&format!("{tags}/production")).await.ok(), moved);
    assert_eq!(app.get("/commits/-/p").await.ok()["commits"][0]["commit_tags"], json!(["production"]));
    assert_eq!(app.get("/commits/-/p?tag=production").await.ok()["total"], 1);
    let listed = app.get("/repos/-/p").await.ok()["repo"].clone();
    assert_eq!(
        (&listed["commit_tags"], &listed["tag_places"][0]["commit_hash"]),
        (&json!(["production"]), &second["commit_hash"])
    );
    app.request("DELETE", &format!("{tags}/production?author=Bob"), &[], "").await.expect(204);
    app.get(&format!("{tags}/production")).await.expect(404);

    for path in ["/repos/-/p/tags/production/history", "/api/fanlight/v1/prompts/p/tag-moves"] {
        let moves = app.get(path).await.ok();
        let told: Vec<_> = moves
            .as_array()
            .unwrap()
            .iter()
            .map(|step| {
                (
                    step["previous_commit_hash"].as_str(),
                    step["commit_hash"].as_str(),
                    step["author"].as_str(),
                    step["client"].as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some(hash(&second)), None, Some("Bob"), None),
                (Some(hash(&first)), Some(hash(&second)), Some("Ada"), None),
                (None, Some(hash(&first)), None, Some("langsmith-py/0.15.0")),
            ]
        );
    }
}

#[tokio::test]
async fn tags_that_could_not_be_pulled_by_are_refused() {
    let app = TestApp::new();
    for name in ["p", "q"] {
        create(&app, name).await;
    }
    let mine = push(&app, "p", "one", None).await;
    let other = push(&app, "q", "one", None).await;
    let tag = |name: Value, commit: &Value| json!({"tag_name": name, "commit_id": commit["id"]});
    for name in [json!("latest"), json!("a/b"), json!("a:b"), json!(""), json!(5), Value::Null] {
        app.post("/repos/-/p/tags", &tag(name, &mine)).await.expect(422);
    }
    app.post("/repos/-/p/tags", &tag(json!("prod"), &other)).await.expect(404);
    app.post("/repos/-/p/tags", &json!({"tag_name": "prod"})).await.expect(422);
    app.patch("/repos/-/p/tags/prod", &json!({"commit_id": mine["id"]})).await.expect(404);
    app.delete("/repos/-/p/tags/prod").await.expect(404);
    for nth in 0..100 {
        app.post("/repos/-/p/tags", &tag(json!(format!("t{nth}")), &mine)).await.ok();
    }
    app.post("/repos/-/p/tags", &tag(json!("one-more"), &mine)).await.expect(422);
}

#[tokio::test]
async fn prompts_are_found_sorted_and_paged() {
    let app = TestApp::new();
    for (name, description) in [("refund-agent", "Gives money back"), ("support", "Été: answers"), ("router", "")] {
        let body = json!({"repo_handle": name, "is_public": name == "router", "description": description, "tags": ["t", name]});
        app.post("/repos", &body).await.ok();
    }
    push(&app, "support", "one", None).await;
    app.post("/likes/-/refund-agent", &json!({"like": true})).await.ok();
    let names = async |query: &str| -> Vec<String> {
        let page = app.get(&format!("/repos?{query}")).await.ok();
        page["repos"]
            .as_array()
            .unwrap()
            .iter()
            .map(|prompt| prompt["repo_handle"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("").await, ["support", "router", "refund-agent"]);
    assert_eq!(names("query=refund&match_prefix=true").await, ["refund-agent"]);
    for query in ["fund", "mon+ba", "Agent"] {
        assert_eq!(names(&format!("query={query}")).await, ["refund-agent"], "{query}");
    }
    assert_eq!(names("query=ete").await, ["support"]);
    assert_eq!(names("query=nothing").await, [""; 0]);
    assert_eq!(names("is_public=true").await, ["router"]);
    assert_eq!(names("has_commits=true").await, ["support"]);
    assert_eq!(names("tags=t&tags=router").await, ["router"]);
    assert_eq!(names("sort_field=num_likes").await[0], "refund-agent");
    assert_eq!(names("sort_field=name&sort_direction=asc").await, ["refund-agent", "router", "support"]);
    assert_eq!(names("sort_field=name&sort_direction=asc&limit=1&offset=1").await, ["router"]);
    for others in ["repo_type=agent", "tenant_handle=somebody", "is_archived=true"] {
        assert_eq!(names(others).await, [""; 0], "{others}");
    }
    app.get("/repos?sort_field=colour").await.expect(422);
    app.get("/repos?upstream_repo_owner=x").await.expect(422);
    let with = app.get("/repos?with_latest_manifest=true&has_commits=true").await.ok();
    assert_eq!(with["repos"][0]["latest_commit_manifest"]["manifest"], chat("one"));
    assert_eq!(app.get("/repos/tags").await.ok()["tags"][0], json!({"tag": "t", "count": 3}));

    app.patch("/repos/-/router", &json!({"is_archived": true})).await.ok();
    assert_eq!(names("").await, ["support", "refund-agent"]);
    assert_eq!(names("is_archived=allow").await[0], "router");
    let id = app.get("/repos/-/router").await.ok()["repo"]["id"].as_str().unwrap().to_owned();
    app.delete(&format!("/repos?repo_ids={id}&repo_ids={}", support::id(1))).await.expect(200);
    app.get("/repos/-/router").await.expect(404);
}

#[tokio::test]
async fn likes_and_uses_are_counted() {
    let app = TestApp::new();
    create(&app, "p").await;
    push(&app, "p", "one", None).await;
    for (like, n) in [(true, 1), (true, 1), (false, 0), (true, 1)] {
        assert_eq!(app.post("/likes/-/p", &json!({"like": like})).await.ok(), json!({"likes": n}));
    }
    app.post("/likes/-/p", &json!({})).await.expect(422);
    app.post("/likes/-/absent", &json!({"like": true})).await.expect(404);
    for path in ["latest", "latest", "latest?is_view=true"] {
        app.get(&format!("/commits/-/p/{path}")).await.ok();
    }
    // Counted behind the answers; a later write waits for what was queued before it.
    let changed = app.patch("/repos/-/p", &json!({"description": "x"})).await.ok()["repo"].clone();
    let counts = ["num_likes", "num_downloads", "num_views"].map(|key| changed[key].as_u64().unwrap());
    assert_eq!(counts, [1, 2, 1]);
}

#[tokio::test]
async fn names_and_texts_have_limits() {
    let app = TestApp::new();
    let body = |name: &str| json!({"repo_handle": name, "is_public": false});
    for name in ["", "Refund", "2fast", "a b", &"x".repeat(101)] {
        app.post("/repos", &body(name)).await.expect(422);
    }
    let with = |key: &str, value: Value| {
        let mut prompt = body("p");
        prompt[key] = value;
        prompt
    };
    for prompt in [
        with("description", json!("x".repeat(4001))),
        with("readme", json!("x".repeat(65_537))),
        with("tags", json!(vec!["t"; 51])),
        with("tags", json!("t")),
        with("repo_type", json!("agent")),
    ] {
        app.post("/repos", &prompt).await.expect(422);
    }
}

#[tokio::test]
async fn of_two_who_save_at_once_one_is_told() {
    let app = TestApp::new();
    create(&app, "p").await;
    let first = push(&app, "p", "one", None).await;
    let save = |text: &str| json!({"manifest": chat(text), "parent_commit": hash(&first)});
    let (ada, bob) = (save("ada"), save("bob"));
    let (ada, bob) = tokio::join!(app.post("/commits/-/p", &ada), app.post("/commits/-/p", &bob));
    let mut statuses = [ada.status.as_u16(), bob.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(app.get("/commits/-/p").await.ok()["total"], 2);
}
