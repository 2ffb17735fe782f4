//! `rag-pipeline`: the older application, one retrieval and one call, recorded by the SDK's own wrappers.

use super::corpus;
use super::llm::{self, Call, GEMINI_FLASH, GPT_4O_MINI, Recorder};
use super::retrieval;
use super::scene::{Done, Failure, Outcome, Scene, after};
use super::talk::{Mishap, Talk, Version};
use fanlight_wire::{RunType, Timestamp};
use serde_json::json;

const PROMPT: &str = "help-center-rag";

/// Plays one turn; the outputs of a good one hold `answer`.
pub fn rag_pipeline(scene: &mut Scene<'_>, talk: &Talk, start: Timestamp) -> Outcome {
    let inputs = json!({"question": talk.turn.ask, "user_id": talk.person.0, "top_k": 5});
    scene.step(None, "rag-pipeline", RunType::Chain, start, inputs, |scene, root| {
        let documents = retrieval::documents(scene, &talk.turn.docs, talk.best_score);
        let found =
            retrieval::retrieve(scene, (root, "VectorStoreRetriever"), after(start, 5.0), &talk.turn.ask, documents);
        let ranked = (json!({"query": talk.turn.ask, "documents": found.outputs["documents"]}), found.outputs.clone());
        let ranked = scene.leaf(root, "rerank", RunType::Chain, after(found.at, 1.0), 65.0, ranked);
        let context = retrieval::as_context(&ranked.outputs);

        let values = [("company", "Acme".to_owned()), ("passages", context), ("question", talk.turn.ask.clone())];
        let text = |role: &str| scene.corpus.prompt(PROMPT).text(talk.version, role, &values);
        let messages = talk.messages(text("system"), text("human"));
        scene.trace.prompt_uses.push((root, PROMPT, talk.version));
        // Every third user is on the trial of another provider.
        let is_trial = talk.version == Version::Beta || talk.person.0.ends_with(['0', '7']);
        let (model, recorder) =
            if is_trial { (GEMINI_FLASH, Recorder::LangChain) } else { (GPT_4O_MINI, Recorder::Wrapper) };
        let call = Call { model, recorder, messages, temperature: 0.3, is_streamed: true, n_hidden_tokens: 30 };
        let began = after(ranked.at, 3.0);
        let said = match talk.mishap {
            Mishap::RateLimit => return Err(llm::failing_call(scene, root, began, call, (corpus::RATE_LIMIT, 80.0))),
            Mishap::Interrupted => {
                let failure = llm::failing_call(scene, root, began, call, ("CancelledError()", 600.0));
                return Err(Failure { is_interruption: true, ..failure });
            }
            _ => llm::call(scene, root, began, call, talk.turn.answer.clone().into()),
        };
        let parsed = (json!({"input": said.outputs}), json!({"output": talk.turn.answer}));
        let parsed = scene.leaf(root, "StrOutputParser", RunType::Parser, after(said.at, 0.5), 1.0, parsed);
        let outputs = json!({"answer": talk.turn.answer, "n_documents": talk.turn.docs.len()});
        Ok(Done { at: parsed.at, outputs })
    })
}
