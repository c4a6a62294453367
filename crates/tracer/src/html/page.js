'use strict';
// Opens the lines behind a step, filters, walks with the arrow keys, opens everything for print. Without it the page
// still shows all: the steps are plain <details>.
(() => {
  document.documentElement.classList.add('scripted');
  const open = (id) => {
    const step = id && document.getElementById(id);
    if (!(step instanceof HTMLDetailsElement)) return;
    for (let at = step; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    const summary = step.querySelector('summary');
    summary.focus({ preventScroll: true });
    step.scrollIntoView({ block: 'center' });
  };
  const fragment = () => decodeURIComponent(location.hash.slice(1));
  addEventListener('hashchange', () => open(fragment()));
  document.addEventListener('click', (event) => {
    const link = event.target.closest('svg.ladder a');
    if (link && link.getAttribute('href') === location.hash) open(fragment());
  });
  document.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const link = event.target.closest?.('svg.ladder a');
    const within = link ? 'svg.ladder' : 'details.login > .inside';
    const summary = event.target.closest?.('.step > summary');
    if (!by || !(link || summary)) return;
    const all = [...event.target.closest(within).querySelectorAll(link ? 'a' : '.step > summary')];
    const next = all[all.indexOf(link ?? summary) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const filter = document.querySelector('.filter input');
  filter?.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const login of document.querySelectorAll('.login'))
      login.hidden = wanted !== '' && !login.dataset.find.includes(wanted);
  });
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')].filter((at) => at.matches('.login'));
    for (const at of opened) at.open = true;
  });
  addEventListener('afterprint', () => {
    for (const at of opened) at.open = false;
  });
  open(fragment());
})();
