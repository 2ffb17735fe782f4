// Fetches the files of a part, code and style, when it is first asked for, and tells the wasm when they are here.
//
// Stands before wasm-bindgen's script, whose `wasm` are the exports of the file that everything begins with.
const loaders = (() => {
  const parts = {
    __PARTS__
  };
  const loads = new Map();
  const loadStyle = (url) =>
    new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url });
      link.onload = resolve;
      link.onerror = () => {
        link.remove();
        reject(new Error(`${url} did not load`));
      };
      document.head.append(link);
    });
  const loadCode = (url) => {
    const imports = { __wasm_split: { ...wasm, __CHECK__ }, __wasm_memory: wasm };
    return WebAssembly.instantiateStreaming(fetch(url), imports);
  };
  const load = (file) => {
    if (!loads.has(file)) {
      const url = new URL(file, import.meta.url);
      const load = file.endsWith('.css') ? loadStyle(url) : loadCode(url);
      // What did not come may be asked for again.
      load.catch(() => loads.delete(file));
      loads.set(file, load);
    }
    return loads.get(file);
  };
  const loader = (files) => async (callback, data) => {
    const problem = await Promise.all(files.map(load)).then(
      () => undefined,
      (error) => error,
    );
    if (problem) console.error(problem);
    wasm.__indirect_function_table.get(callback)(data, !problem);
  };
  const named = Object.entries(parts).map(([name, files]) => [`__wasm_split_load_${name}`, loader(files)]);
  return Object.fromEntries(named);
})();
