//! What a project without threads shows: how an application says which traces belong together.

use crate::components::copy_button::CopyButton;
use leptos::prelude::*;

/// One way of saying it.
struct Recipe {
    title: &'static str,
    copy_label: &'static str,
    text: &'static str,
}

const RECIPES: [Recipe; 3] = [
    Recipe {
        title: "In Python",
        copy_label: "Copy the Python lines",
        text: "from langsmith import traceable\n\
               \n\
               @traceable\n\
               def answer(question: str) -> str:\n\
               \x20   return \"Hello, \" + question\n\
               \n\
               # The same thread_id on every turn of one conversation.\n\
               answer(\"world\", langsmith_extra={\"metadata\": {\"thread_id\": \"conversation-1\"}})",
    },
    Recipe {
        title: "In JavaScript",
        copy_label: "Copy the JavaScript lines",
        text: "import { traceable } from \"langsmith/traceable\";\n\
               \n\
               // The same thread_id on every turn of one conversation.\n\
               const answer = traceable(async (question) => \"Hello, \" + question, {\n\
               \x20 name: \"answer\",\n\
               \x20 metadata: { thread_id: \"conversation-1\" },\n\
               });\n\
               await answer(\"world\");",
    },
    Recipe {
        title: "With LangChain or LangGraph",
        copy_label: "Copy the LangChain lines",
        text: "graph.invoke(\n\
               \x20   {\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]},\n\
               \x20   config={\"configurable\": {\"thread_id\": \"conversation-1\"}, \"metadata\": {\"thread_id\": \"conversation-1\"}},\n\
               )",
    },
];

/// The lines that make threads.
#[component]
pub fn ThreadSetUp() -> impl IntoView {
    view! {
        <div class="page-scroll">
            <section class="set-up" aria-labelledby="set-up-title">
                <h2 id="set-up-title">"No threads yet"</h2>
                <p>
                    "A thread is a conversation: the traces that carry the same thread id in their metadata, under "
                    <code>"thread_id"</code> ", " <code>"session_id"</code> " or " <code>"conversation_id"</code>
                    ". Set one where your application answers, and its conversations appear here by themselves."
                </p>
                {RECIPES
                    .map(|recipe| {
                        view! {
                            <figure class="code-block">
                                <figcaption>
                                    <span>{recipe.title}</span>
                                    <CopyButton text=recipe.text.to_owned() label=recipe.copy_label />
                                </figcaption>
                                <pre tabindex="0" aria-label=recipe.title>
                                    {recipe.text}
                                </pre>
                            </figure>
                        }
                    })
                    .collect_view()}
                <p class="set-up-waiting" role="status">
                    <span class="status-dot is-pending" aria-hidden="true"></span>
                    "Waiting for the first turn"
                </p>
            </section>
        </div>
    }
}
