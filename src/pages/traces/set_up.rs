//! What an empty project shows: how to send the first trace. It makes way for the list when that arrives.

use crate::components::copy_button::CopyButton;
use leptos::prelude::*;

/// One way of setting things up.
struct Recipe {
    title: &'static str,
    /// What the copy button is called.
    copy_label: &'static str,
    text: String,
}

/// The lines that point an application at this server and `project`.
#[component]
pub fn SetUp(#[prop(into)] project_name: Signal<String>) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <div class="page-scroll">
            <section class="set-up" aria-labelledby="set-up-title">
                <h2 id="set-up-title">"No traces yet"</h2>
                <p>
                    "Point an application that uses the LangSmith SDK at this server. Its first trace appears here by itself."
                </p>
                {move || {
                    recipes(&origin, &project_name.get())
                        .into_iter()
                        .map(|recipe| {
                            view! {
                                <figure class="code-block">
                                    <figcaption>
                                        <span>{recipe.title}</span>
                                        <CopyButton text=recipe.text.clone() label=recipe.copy_label />
                                    </figcaption>
                                    <pre tabindex="0">{recipe.text.clone()}</pre>
                                </figure>
                            }
                        })
                        .collect_view()
                }}
                <p class="set-up-waiting" role="status">
                    <span class="status-dot is-pending" aria-hidden="true"></span>
                    "Waiting for the first trace"
                </p>
            </section>
        </div>
    }
}

fn recipes(origin: &str, project: &str) -> [Recipe; 3] {
    let quoted = project.replace('\'', r"'\''");
    let shell = format!(
        "export LANGSMITH_TRACING=true\n\
         export LANGSMITH_ENDPOINT={origin}\n\
         export LANGSMITH_API_KEY=any-text\n\
         export LANGSMITH_PROJECT='{quoted}'"
    );
    let python = "# pip install langsmith\n\
         from langsmith import traceable\n\
         \n\
         @traceable\n\
         def answer(question: str) -> str:\n\
         \x20   return \"Hello, \" + question\n\
         \n\
         answer(\"world\")"
        .to_owned();
    let javascript = "// npm install langsmith\n\
         import { traceable } from \"langsmith/traceable\";\n\
         \n\
         const answer = traceable(async (question) => `Hello, ${question}`, { name: \"answer\" });\n\
         \n\
         await answer(\"world\");"
        .to_owned();
    [
        Recipe { title: "1. In the shell that runs your application", copy_label: "Copy the shell lines", text: shell },
        Recipe { title: "2. In Python", copy_label: "Copy the Python lines", text: python },
        Recipe { title: "or in JavaScript", copy_label: "Copy the JavaScript lines", text: javascript },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_lines_carry_address_and_project() {
        let [shell, ..] = recipes("http://localhost:1984", "Ann's agent");
        assert_eq!(
            shell.text,
            "export LANGSMITH_TRACING=true\n\
             export LANGSMITH_ENDPOINT=http://localhost:1984\n\
             export LANGSMITH_API_KEY=any-text\n\
             export LANGSMITH_PROJECT='Ann'\\''s agent'"
        );
    }
}
