"use strict";
(function () {
  var byId = function (id) { return document.getElementById(id); };
  var all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };
  var form = document.querySelector(".filters");
  var cases = all(".case").map(function (box) {
    var words = all("summary .id, summary .title, .req", box).map(function (part) { return part.textContent; });
    words.push(box.parentNode.querySelector("h3").textContent);
    return { box: box, text: words.join(" ").toLowerCase() };
  });
  var suites = all(".suite");

  function chosen(name) {
    return all("input[name=" + name + "]:checked", form).map(function (box) { return box.value; });
  }
  function among(list, value) {
    return !list.length || value.split(" ").some(function (one) { return list.indexOf(one) >= 0; });
  }
  function filter() {
    var words = byId("_search").value.toLowerCase().split(/\s+/).filter(Boolean);
    var verdicts = chosen("verdict"), categories = chosen("category"), levels = chosen("level");
    var feature = byId("_feature") && byId("_feature").value;
    var shown = 0;
    cases.forEach(function (one) {
      var data = one.box.dataset;
      var fits = among(verdicts, data.v) && among(categories, data.c) && among(levels, data.l) &&
        (!feature || data.f.split(" ").indexOf(feature) >= 0) &&
        words.every(function (word) { return one.text.indexOf(word) >= 0; });
      one.box.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    suites.forEach(function (suite) { suite.hidden = !suite.querySelector(".case:not([hidden])"); });
    byId("_shown").textContent = shown === cases.length ? shown + " cases" : shown + " of " + cases.length + " cases";
    byId("_none").hidden = shown > 0;
  }
  function reveal() {
    var id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (e) { /* Not an address that this page made. */ }
    var box = id && byId(id);
    if (!box) { return; }
    if (box.hidden) { form.reset(); filter(); }
    for (var part = box; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") { part.open = true; }
    }
    box.scrollIntoView();
  }
  function copy(button) {
    var text = button.parentNode.querySelector("pre").textContent;
    var say = function (word) {
      button.textContent = word;
      setTimeout(function () { button.textContent = "Copy"; }, 1500);
    };
    // Pages opened from a file have no clipboard in some browsers: then the command is selected instead.
    var select = function () {
      getSelection().selectAllChildren(button.parentNode.querySelector("pre"));
      say(document.execCommand("copy") ? "Copied" : "Selected");
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(function () { say("Copied"); }, select);
    } else {
      select();
    }
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  byId("_expand").addEventListener("click", function () {
    cases.forEach(function (one) { if (!one.box.hidden) { one.box.open = true; } });
  });
  document.addEventListener("click", function (event) {
    if (event.target.classList.contains("copy")) { copy(event.target); }
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      byId("_search").focus();
    }
  });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", function () {
    cases.forEach(function (one) { if (one.box.dataset.v === "fail") { one.box.open = true; } });
  });
  filter();
  reveal();
  // A reload would put the page back where it was before the case was opened.
  if (location.hash) { history.scrollRestoration = "manual"; }
  addEventListener("load", reveal);
})();
