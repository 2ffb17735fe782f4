//! What an empty project shows: how to send the first trace. It makes way for the list when that arrives.

use crate::components::copy_button::CopyButton;
use crate::components::erased::dynamic;
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
                {dynamic(move || {
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
                })}
                <p class="set-up-waiting" role="status">
                    <span class="status-dot is-pending" aria-hidden="true"></span>
                    "Waiting for the first trace"
                </p>
            </section>
        </div>
    }
}

fn recipes(origin: &str, project: &str) -> [Recipe; 3] {
    let shell = format!(
        "export LANGSMITH_TRACING=true\n\
         export LANGSMITH_ENDPOINT={origin}\n\
         export LANGSMITH_API_KEY=any-text\n\
         export LANGSMITH_PROJECT='{}'",
        project.replace('\'', r"'\''")
    );
    // The quoting of JSON is valid in Python and JavaScript, too.
    let quoted = serde_json::Value::from(project);
    let python = format!(
        "# pip install langsmith\n\
         import os\n\
         from langsmith import traceable\n\
         \n\
         os.environ[\"LANGSMITH_TRACING\"] = \"true\"\n\
         os.environ[\"LANGSMITH_ENDPOINT\"] = \"{origin}\"\n\
         os.environ[\"LANGSMITH_API_KEY\"] = \"any-text\"\n\
         os.environ[\"LANGSMITH_PROJECT\"] = {quoted}\n\
         \n\
         @traceable\n\
         def answer(question: str) -> str:\n\
         \x20   return \"Hello, \" + question\n\
         \n\
         answer(\"world\")"
    );
    let javascript = format!(
        "// npm install langsmith\n\
         process.env.LANGSMITH_TRACING = \"true\";\n\
         process.env.LANGSMITH_ENDPOINT = \"{origin}\";\n\
         process.env.LANGSMITH_API_KEY = \"any-text\";\n\
         process.env.LANGSMITH_PROJECT = {quoted};\n\
         const {{ traceable }} = await import(\"langsmith/traceable\");\n\
         \n\
         const answer = traceable(async (question) => \"Hello, \" + question, {{ name: \"answer\" }});\n\
         await answer(\"world\");"
    );
    [
        Recipe { title: "In the shell that runs your application", copy_label: "Copy the shell lines", text: shell },
        Recipe { title: "or all in Python", copy_label: "Copy the Python lines", text: python },
        Recipe { title: "or all in JavaScript", copy_label: "Copy the JavaScript lines", text: javascript },
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
